package io.witan.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.witan.replica.member.MemberHost;
import io.witan.replica.member.TreeStream;
import io.witan.tree.TreeSettings;
import io.witan.tree.ZnodeTree;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.quorum.SnapshotStreamParser;
import io.witan.zab.Effect;
import io.witan.zab.Happening;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// An observer that keeps nothing on disk: what reaches the disk, and what is reported of it.
class DisklessHostTest {

    private static final long SELF = 3;

    private final List<Effect> done = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final Deque<Runnable> events = new ArrayDeque<>();
    private final DisklessHost host =
            new DisklessHost(new Inner(), SELF, events::add, failures::add);

    @BeforeEach
    void reports_are_kept() {
        host.connect(new Heard());
    }

    @Test
    void transactions_are_durable_together_as_soon_as_the_present_event_is_over() {
        host.execute(append(5));
        host.execute(append(6));
        assertThat(reported).isEmpty();

        happens();
        host.execute(append(7));
        happens();

        assertThat(reported).containsExactly("durable 6", "durable 7");
        assertThat(done).isEmpty();
    }

    @Test
    void what_is_stored_between_transactions_is_reported_between_them() {
        host.execute(append(5));
        host.execute(new Effect.StoreCurrentEpoch(1, 9));
        host.execute(append(6));
        host.execute(append(7));

        happens();

        assertThat(reported).containsExactly("durable 5", "stored 1", "durable 7");
    }

    @Test
    void neither_epochs_nor_truncations_nor_marks_reach_the_disk() {
        host.execute(new Effect.StoreAcceptedEpoch(1, 9));
        host.execute(new Effect.StoreCurrentEpoch(2, 9));
        host.execute(new Effect.TruncateLog(3, 4));
        host.execute(new Effect.StoreDamageMark(4, "a snapshot replaces more"));
        host.execute(new Effect.ClearDamageMark(5));

        happens();

        assertThat(reported)
                .containsExactly("stored 1", "stored 2", "stored 3", "stored 4", "stored 5");
        assertThat(done).isEmpty();
    }

    @Test
    void a_snapshot_of_the_leader_is_not_written_and_costs_the_tree_nothing_more() {
        var tree = new ZnodeTree(new TreeSettings(true, false, true, 99));
        TreeStream stream = TreeStream.toDisk(tree.snapshot());

        host.storeSnapshot(1, 4, stream);
        happens();

        assertThat(reported).containsExactly("stored 1");
        assertThat(stream.pendingImages()).isZero();
    }

    @Test
    void what_is_on_disk_is_not_loaded_again_and_not_read() {
        host.reloadTree(1);
        host.execute(new Effect.ReadLog(2, 3, 4, 1_000));

        happens();

        assertThat(reported).containsExactly("emptied 1", "unreadable 2");
    }

    @Test
    void configurations_are_kept() {
        var seen = new Effect.StoreLastSeenConfig(1, config("observer"));
        var committed = new Effect.StoreCommittedConfig(2, config("observer"));
        host.execute(seen);
        host.execute(committed);

        assertThat(done).containsExactly(seen, committed);
        assertThat(failures).isEmpty();
    }

    @Test
    void one_that_gives_it_a_vote_ends_it_with_nothing_promised_any_more() {
        host.execute(append(5));
        host.execute(new Effect.StoreLastSeenConfig(1, config("participant")));
        host.execute(append(6));
        host.execute(new Effect.StoreCurrentEpoch(2, 9));
        host.execute(new Effect.StoreCommittedConfig(3, config("participant")));

        happens();

        assertThat(failures).singleElement().isInstanceOf(MemoryOnlyException.class);
        assertThat(StartupErrors.whileServing(failures.getFirst()).text())
                .contains("3, a participant", "syncEnabled=false", "Start it again");
        assertThat(reported).isEmpty();
        assertThat(done)
                .singleElement()
                .isInstanceOfSatisfying(
                        Effect.StoreLastSeenConfig.class,
                        kept -> assertThat(kept.config().isParticipant(SELF)).isTrue());
    }

    @Test
    void talk_with_other_servers_goes_on_as_ever() {
        var close = new Effect.CloseLink(1, "over");
        var restart = new Effect.RestartElectionPort();

        host.execute(close);
        host.execute(restart);

        assertThat(done).containsExactly(close, restart);
    }

    private static Effect append(long zxid) {
        return new Effect.Append(zxid, new byte[0]);
    }

    private static EnsembleConfig config(String role) {
        try {
            return EnsembleConfig.parse(
                    "server.1=a:1:2\nserver.2=b:1:2\nserver.3=c:1:2:%s\nversion=5\n"
                            .formatted(role));
        } catch (ConfigTextException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private void happens() {
        while (!events.isEmpty()) {
            events.remove().run();
        }
    }

    private final class Heard implements DisklessHost.Reports {

        @Override
        public void durable(long zxid) {
            reported.add("durable " + zxid);
        }

        @Override
        public void stored(long ticket) {
            reported.add("stored " + ticket);
        }

        @Override
        public void logUnreadable(long ticket) {
            reported.add("unreadable " + ticket);
        }

        @Override
        public void treeEmptied(long ticket) {
            reported.add("emptied " + ticket);
        }
    }

    private final class Inner implements MemberHost {

        @Override
        public void execute(Effect effect) {
            done.add(effect);
        }

        @Override
        public void sendSnapshot(long link, TreeStream stream) {
            throw new AssertionError("asked for a snapshot");
        }

        @Override
        public void receiveSnapshot(long link, SnapshotStreamParser parser) {
            throw new AssertionError("given a snapshot");
        }

        @Override
        public void storeSnapshot(long ticket, long zxid, TreeStream stream) {
            throw new AssertionError("written");
        }

        @Override
        public void reloadTree(long ticket) {
            throw new AssertionError("loaded");
        }

        @Override
        public void told(Happening happening) {}
    }
}
