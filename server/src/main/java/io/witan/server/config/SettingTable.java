package io.witan.server.config;

import io.witan.server.config.Setting.Form;

import java.util.List;
import java.util.Optional;

/// Every key, one row each, in the groups of the reference page `docs/operations/configuration.md`,
/// which is written from here. Names, forms and defaults are the original's, release 3.9.
final class SettingTable {

    /// Rows that belong together.
    record Group(String title, List<Setting> rows) {}

    static final List<Group> GROUPS =
            List.of(
                    new Group("Where to listen", ClientRows.listening()),
                    new Group("Sessions", ClientRows.sessions()),
                    new Group("Limits", ClientRows.limits()),
                    new Group("Throttles", ClientRows.throttles()),
                    new Group("Storage", StorageRows.storage()),
                    new Group("Tree", StorageRows.tree()),
                    new Group("Access", AccessRows.access()),
                    new Group("SASL and Kerberos", AccessRows.sasl()),
                    new Group("TLS", AccessRows.tls()),
                    new Group(
                            "Four-letter words, administration, metrics",
                            OperationRows.operations()),
                    new Group("Ensembles", EnsembleRows.ensembles()),
                    new Group("Inner workings of the original", OriginalRows.inner()));

    private static final List<Setting> ALL =
            GROUPS.stream().flatMap(group -> group.rows().stream()).toList();

    private SettingTable() {}

    static List<Setting> all() {
        return ALL;
    }

    /// The row of a key as the file gives it.
    static Optional<Setting> inFile(String key) {
        return find(key, Form.FILE).or(() -> find(key, Form.FILE_OR_JVM));
    }

    /// The row of a key, whichever way it may be given.
    static Optional<Setting> named(String key) {
        return inFile(key).or(() -> find(key, Form.JVM));
    }

    /// The row that a JVM property sets.
    static Optional<Setting> ofJvmProperty(String name) {
        if (name.startsWith("zookeeper.")) {
            var row = find(name.substring("zookeeper.".length()), Form.FILE_OR_JVM);
            if (row.isPresent()) {
                return row;
            }
        }
        return find(name, Form.JVM);
    }

    private static Optional<Setting> find(String key, Form form) {
        return ALL.stream().filter(row -> row.form() == form && row.matches(key)).findFirst();
    }
}
