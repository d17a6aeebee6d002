package io.witan.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/// What `getChildren` answers, with few children, with a table of them, and with so many that their
/// names are written several at a time.
class ChildNamesTest {

    private final TestTree t = new TestTree();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 9, 1_000, 9_999, 10_000, 10_001, 10_031, 10_032})
    void each_child_is_named_once(int count) {
        t.create("/parent");
        t.createSession(TestTree.SESSION);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "n" + "-".repeat(i % 13) + i;
            names.add(name);
            create("/parent/" + name, i % 5);
        }
        t.create("/parent/gone");
        t.delete("/parent/gone");

        assertThat(written("/parent")).containsExactlyInAnyOrderElementsOf(names);
    }

    /// Each kind has its name at another place.
    private void create(String path, int kind) {
        if (kind == 0) {
            t.createEphemeral(path, TestTree.SESSION);
            return;
        }
        t.create(path);
        if (kind == 1) {
            t.setData(path, "changed", -1);
        } else if (kind == 2) {
            t.create(path + "/below");
        }
    }

    private List<String> written(String path) {
        JuteWriter out = new JuteWriter();
        t.at(path).writeChildNames(out);
        JuteReader in = JuteReader.over(out.toByteArray());
        List<String> names = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            names.add(in.readString());
        }
        assertThat(in.remaining()).isZero();
        return names;
    }
}
