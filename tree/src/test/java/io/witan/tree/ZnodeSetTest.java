package io.witan.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.wire.data.Acl;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnHeader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class ZnodeSetTest {

    private static final int CREATE = 1;
    private static final int ZNODES = 5_000;

    private final List<Znode> znodes = znodes();

    /// Whether it has fewer parts than znodes, or many more than it needs, changes nothing.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3_000, ZNODES, 10_000_000})
    void holds_what_was_added_and_not_removed_again(int expected) {
        var set = new ZnodeSet(expected);
        var model = new boolean[ZNODES];
        var random = new Random(1);
        for (var i = 0; i < 20 * ZNODES; i++) {
            var number = random.nextInt(ZNODES);
            // First more come than go, then more go.
            if (random.nextInt(10) < (i < 10 * ZNODES ? 7 : 3)) {
                set.add(znodes.get(number));
                model[number] = true;
            } else {
                assertThat(set.remove(znodes.get(number))).isEqualTo(model[number]);
                model[number] = false;
            }
        }

        for (var number = 0; number < ZNODES; number++) {
            assertThat(set.contains(znodes.get(number))).isEqualTo(model[number]);
        }
    }

    @Test
    void is_empty_when_it_was_cleared() {
        var set = new ZnodeSet(ZNODES);
        znodes.forEach(set::add);

        set.clear();

        assertThat(znodes).noneMatch(set::contains);
    }

    private static List<Znode> znodes() {
        var tree = new ZnodeTree(new TreeSettings(false, false, false, 1));
        var znodes = new ArrayList<Znode>();
        for (var i = 0; i < ZNODES; i++) {
            var path = "/n%04d".formatted(i).getBytes(StandardCharsets.UTF_8);
            tree.apply(
                    new TxnHeader(1, 1, i + 1L, 1, CREATE),
                    new Txn.Create(path, new byte[0], Acl.OPEN, false, -1),
                    TreeListener.NONE);
            znodes.add(tree.find(path));
        }
        return znodes;
    }
}
