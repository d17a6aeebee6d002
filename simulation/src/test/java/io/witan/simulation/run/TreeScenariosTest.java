package io.witan.simulation.run;

import io.witan.simulation.fault.Profile;
import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.server.HostMutation;
import io.witan.simulation.trace.DelegatingAgreement;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.tree.TreeListener;
import io.witan.tree.ZnodeTree;
import io.witan.wire.client.OpCode;
import io.witan.wire.data.Acl;
import io.witan.wire.jute.JuteReader;
import io.witan.wire.jute.JuteWriter;
import io.witan.wire.txn.LoggedTxn;
import io.witan.wire.txn.Txn;
import io.witan.wire.txn.TxnCodec;
import io.witan.wire.txn.TxnHeader;
import io.witan.zab.Agreement;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/// What transactions say that only old trees, or other leaders, have.
class TreeScenariosTest {

    private static final byte[] PATH = "/a".getBytes(StandardCharsets.UTF_8);

    /// The model does not know of what there is at the beginning.
    private static final ScenarioRuns OLD_ZNODES =
            ScenarioRuns.of(Profile.CALM).spoiling(_ -> new WrittenOften()).watchedAlone();

    @Test
    void ZK_4743_no_znode_comes_to_have_the_version_that_means_any() {
        OLD_ZNODES.areClean(2, new VersionsWrapAround());
    }

    @Test
    void ZK_4743_one_that_does_is_seen() {
        OLD_ZNODES
                .agreeing(_ -> WrapsToMinusOne::new)
                .areCaught(new VersionsWrapAround(), Scenario.INVARIANT);
    }

    /// Others take twice what clients may send, and a little.
    @Test
    void ZK_2101_3496_no_transaction_is_more_than_twice_as_long_as_a_request() {
        ScenarioRuns.of(Profile.DEFAULT)
                .where(plan -> !plan.reconfigurations())
                .areClean(3, new LengthsFit());
    }

    @Test
    void ZK_2101_one_that_is_too_long_is_seen() {
        ScenarioRuns.of(Profile.DEFAULT)
                .where(plan -> !plan.reconfigurations())
                .agreeing(_ -> Lengthens::new)
                .watchedAlone()
                .areCaught(new LengthsFit(), Scenario.INVARIANT);
    }

    /// As leaders of the original may write them.
    @Test
    void ZK_4607_operations_that_were_made_errors_may_have_kept_their_bodies() {
        ScenarioRuns.of(Profile.CALM)
                .where(plan -> plan.voters() > 1)
                .agreeing(_ -> KeepsBodies::new)
                .watchedAlone()
                .areClean(20, new FollowersTakeThem());
    }

    /// Before anything else is in the tree.
    private static final class WrittenOften implements HostMutation {

        @Override
        public void loaded(ZnodeTree tree) {
            if (tree.lastZxid() == 0 && tree.find(PATH) == null) {
                tree.apply(
                        new TxnHeader(0, 0, 0, 0, OpCode.CREATE),
                        new Txn.Create(PATH, new byte[0], Acl.OPEN, false, 1),
                        TreeListener.NONE);
                tree.apply(
                        new TxnHeader(0, 0, 0, 0, OpCode.SET_DATA),
                        new Txn.SetData(PATH, new byte[0], -3),
                        TreeListener.NONE);
            }
        }
    }

    private static final class WrapsToMinusOne extends DelegatingAgreement {

        WrapsToMinusOne(Agreement inner) {
            super(inner);
        }

        @Override
        public void propose(long zxid, byte[] txn) {
            LoggedTxn logged = TxnCodec.read(JuteReader.over(txn));
            if (logged.txn() instanceof Txn.SetData(byte[] path, byte[] data, int version)
                    && version == 0) {
                var out = new JuteWriter();
                TxnCodec.write(
                        out, logged.header(), new Txn.SetData(path, data, -1), logged.digest());
                super.propose(zxid, out.toByteArray());
            } else {
                super.propose(zxid, txn);
            }
        }
    }

    private static final class VersionsWrapAround extends Scenario {

        private int last;

        @Override
        void begins(RunPlan plan) {
            last = 0;
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            if (event instanceof TraceEvent.Delivered e
                    && TxnCodec.read(JuteReader.over(e.txn())).txn() instanceof Txn.SetData set) {
                if (set.version() == -1) {
                    violated(verdict, "a znode has the version that means any");
                }
                if (Arrays.equals(set.path(), PATH)) {
                    times += last == -2 && set.version() == 0 ? 1 : 0;
                    last = set.version();
                }
            }
        }
    }

    private static final class KeepsBodies extends DelegatingAgreement {

        KeepsBodies(Agreement inner) {
            super(inner);
        }

        @Override
        public void propose(long zxid, byte[] txn) {
            LoggedTxn logged = TxnCodec.read(JuteReader.over(txn));
            super.propose(zxid, isFailed(logged) ? withBodies(logged) : txn);
        }

        private static byte[] withBodies(LoggedTxn logged) {
            int count = ((Txn.Multi) logged.txn()).ops().size();
            byte[] body = new JuteWriter().writeBuffer(PATH).writeBuffer(PATH).toByteArray();
            var out = new JuteWriter();
            logged.header().write(out);
            out.writeInt(count);
            for (int i = 0; i < count; i++) {
                out.writeInt(OpCode.ERROR).writeBuffer(body);
            }
            return out.toByteArray();
        }
    }

    private static boolean isFailed(LoggedTxn logged) {
        return logged.txn() instanceof Txn.Multi multi
                && !multi.ops().isEmpty()
                && multi.ops().getFirst().txn() instanceof Txn.Failed;
    }

    private static final class FollowersTakeThem extends Scenario {

        private final Set<Long> leaders = new TreeSet<>();

        @Override
        void begins(RunPlan plan) {
            leaders.clear();
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            switch (event) {
                case TraceEvent.Activated e -> leaders.add(e.sid());
                case TraceEvent.Broke e -> violated(verdict, e.what());
                case TraceEvent.Delivered e
                        when isFailed(TxnCodec.read(JuteReader.over(e.txn()))) ->
                        times += leaders.contains(e.sid()) ? 0 : 1;
                default -> {}
            }
        }
    }

    private static final class Lengthens extends DelegatingAgreement {

        Lengthens(Agreement inner) {
            super(inner);
        }

        @Override
        public void propose(long zxid, byte[] txn) {
            LoggedTxn logged = TxnCodec.read(JuteReader.over(txn));
            if (logged.txn() instanceof Txn.SetData set) {
                var out = new JuteWriter();
                TxnCodec.write(
                        out,
                        logged.header(),
                        new Txn.SetData(set.path(), new byte[1000], set.version()),
                        logged.digest());
                super.propose(zxid, out.toByteArray());
            } else {
                super.propose(zxid, txn);
            }
        }
    }

    private static final class LengthsFit extends Scenario {

        /// A header, a digest, and what servers ask for of their own accord.
        private static final int LITTLE = 64;

        private int longest;
        private int longestTxn;

        @Override
        void begins(RunPlan plan) {
            longest = 0;
            longestTxn = 0;
        }

        @Override
        public void on(TraceEvent event, Verdict verdict) {
            switch (event) {
                case TraceEvent.Invoked e -> {
                    var out = new JuteWriter();
                    e.request().write(out);
                    longest = Math.max(longest, out.length());
                }
                case TraceEvent.Delivered e -> {
                    longestTxn = Math.max(longestTxn, e.txn().length);
                    if (e.txn().length > 2 * longest + LITTLE) {
                        violated(
                                verdict,
                                "%d bytes, of requests of %d at most"
                                        .formatted(e.txn().length, longest));
                    }
                }
                default -> {}
            }
        }

        @Override
        void ended(Result result) {
            times += longestTxn > longest ? 1 : 0;
        }
    }
}
