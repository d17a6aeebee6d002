package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.Events;
import io.witan.interop.disk.LogFiles;

import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.admin.ZooKeeperAdmin;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// With `syncEnabled=false` an observer of Witan serves like any other and writes nothing.
class DisklessObserverIT {

    private static final String DISKLESS = "syncEnabled=false";

    @RegisterExtension private final Ensembles ensembles = new Ensembles();

    private final Ledger ledger = new Ledger();

    @ParameterizedTest
    @ValueSource(strings = {"WW+W", "AA+W"})
    void it_serves_everything_and_its_directory_stays_as_it_was(String mix) throws Exception {
        Ensemble ensemble = ensembles.of(mix, DISKLESS);
        ensemble.startLedBy(2);
        Member observer = ensemble.server(3);
        assertThat(observer.mode()).isEqualTo("observer");
        Map<String, Long> before = files(observer);

        ledger.write(ensemble.client(observer), 10);
        Replicas.assertSame(ensemble, ledger);
        assertThat(files(observer)).isEqualTo(before);
        assertThat(LogFiles.contain(ensemble.server(1).dataDir(), "/write-00001")).isTrue();

        observer.kill();
        ledger.write(ensemble.client(ensemble.server(1)), 3);
        observer.start();
        Replicas.assertSame(ensemble, ledger);
        ensemble.server(2).kill();
        ensemble.server(2).start();
        ledger.write(ensemble.client(observer), 3);
        Replicas.assertSame(ensemble, ledger);
        assertThat(files(observer)).isEqualTo(before);
    }

    /// It has no disk to vote with.
    @Test
    void it_ends_when_it_is_to_be_a_participant_and_is_one_at_the_next_start() throws Exception {
        Ensemble ensemble = ensembles.of("WW+W", DISKLESS, "reconfigEnabled=true");
        ensemble.startLedBy(2);
        Member observer = ensemble.server(3);
        ledger.write(ensemble.client(observer), 3);
        ensemble.closeClients();

        var events = new Events();
        try (var admin = new ZooKeeperAdmin(ensemble.server(1).connectString(), 60_000, events)) {
            events.awaitState(KeeperState.SyncConnected);
            admin.addAuthInfo("digest", "super:admin".getBytes(UTF_8));
            admin.reconfigure(
                    "server.3=" + observer.place().spec("participant"), null, null, -1, new Stat());
        }
        Await.until("the observer has ended", () -> !observer.isAlive());
        assertThat(Files.readString(observer.logs().getLast()))
                .contains("A reconfiguration makes this server, 3, a participant");

        observer.start();
        Await.until("it follows", () -> observer.mode().equals("follower"));
        ledger.write(ensemble.client(observer), 3);
        Replicas.assertSame(ensemble, ledger);
        Await.until(
                "it writes what it has acknowledged",
                () -> LogFiles.contain(observer.dataDir(), "/write-00006"));
    }

    /// Names and sizes, of all but the lock: it holds the number of the process, of any length.
    private static Map<String, Long> files(Member member) throws IOException {
        try (Stream<Path> files = Files.walk(member.dataDir())) {
            var found = new TreeMap<String, Long>();
            for (Path file : files.filter(DisklessObserverIT::isData).toList()) {
                found.put(file.toString(), Files.size(file));
            }
            return found;
        }
    }

    private static boolean isData(Path file) {
        return Files.isRegularFile(file) && !file.endsWith("witan.lock");
    }
}
