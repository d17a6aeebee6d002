package io.witan.simulation.mutation;

import io.witan.simulation.fault.Profile;
import io.witan.simulation.server.HostMutation;
import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Agreement;
import io.witan.zab.Effect;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// All seeded defects. A build fails if one of them is not caught.
public final class Mutations {

    private final List<Mutation> list = new ArrayList<>();

    private Mutations() {
        durability();
        disks();
        synchronisation();
        broadcast();
        elections();
        sessions();
        clients();
        list.addAll(RecoveryDefects.all());
        list.addAll(JoiningDefects.all());
        list.addAll(TreeDefects.all());
    }

    public static List<Mutation> all() {
        return List.copyOf(new Mutations().list);
    }

    private void durability() {
        add(
                "ack before sync",
                "ZOOKEEPER-4646",
                Profile.CALM,
                DurabilityDefects.AckBeforeSync::new,
                "D1");
        add(
                "the leader counts itself before it has flushed",
                "ZOOKEEPER-4646",
                Profile.CALM,
                DurabilityDefects.LeaderCountsItselfAtOnce::new,
                "D1");
        add(
                "history logged after NEWLEADER was acknowledged",
                "ZOOKEEPER-3911, 3023",
                Profile.BRUTAL,
                DurabilityDefects.LogsAfterAck::new,
                "Z8",
                "D2",
                "D1");
        add(
                "epoch moved before history",
                "ZOOKEEPER-4643",
                Profile.BRUTAL,
                DurabilityDefects.EpochBeforeHistory::new,
                "D2",
                "E3",
                "D1");
        add(
                "epoch moved at UPTODATE",
                "ZOOKEEPER-1264, 1282",
                Profile.CALM,
                DurabilityDefects.EpochAtUpToDate::new,
                "D2");
        add(
                "received snapshot not stored before it is relied on",
                "ZOOKEEPER-3642, 2872",
                Profile.BRUTAL,
                DurabilityDefects.SnapshotNotStored::new,
                "Z8",
                "D2",
                "D1",
                "Z9",
                "V3");
        add(
                "writes of an earlier role",
                "ZOOKEEPER-4712, 4541, 4502",
                Profile.DEFAULT,
                DurabilityDefects.LogsIntoTheNextRole::new,
                "D3",
                "D1",
                "D8",
                "C4");
        add(
                "ACK of a proposal overtakes that of NEWLEADER",
                "ZOOKEEPER-4685",
                Profile.BRUTAL,
                DurabilityDefects.AckOvertakesNewLeader::new,
                "C4");
        host(
                "reported before it is durable",
                "ZOOKEEPER-4646, 4785",
                Profile.CALM,
                ReportsEarly::new,
                "D1");
        host(
                "log writes fail silently for a while",
                "ZOOKEEPER-4882",
                Profile.CALM,
                () -> new Loses(Effect.Append.class),
                "D1",
                "D4",
                "D5");
        host(
                "accepted epoch is not stored",
                "ZOOKEEPER-1653, 2307",
                Profile.CALM,
                () -> new Loses(Effect.StoreAcceptedEpoch.class),
                "E2");
        host(
                "current epoch is not stored",
                "ZOOKEEPER-1621, 2307",
                Profile.CALM,
                () -> new Loses(Effect.StoreCurrentEpoch.class),
                "D2",
                "E3");
    }

    private void disks() {
        host(
                "nothing is flushed",
                "forceSync=no",
                Profile.DISK,
                DiskDefects.FlushesNoFile::new,
                "E2",
                "D4",
                "D5",
                "D7");
        host(
                "no directory is flushed",
                "ZOOKEEPER-2528, ALICE",
                Profile.DISK,
                DiskDefects.FlushesNoDirectory::new,
                "D4",
                "D5",
                "D7",
                "E2");
        host(
                "a flush that failed is passed over",
                "fsyncgate",
                Profile.DISK,
                DiskDefects.PassesOverFailedFlushes::new,
                "D4",
                "D5",
                "D7");
    }

    private void synchronisation() {
        add(
                "an observer misses what was under way when it came",
                "ZOOKEEPER-5088",
                Profile.BRUTAL,
                SynchronisationDefects.ForgetsWhatIsUnderWay::new,
                "Z9");
        add(
                "TRUNC skipped",
                "ZOOKEEPER-1154, 1156",
                Profile.BRUTAL,
                SynchronisationDefects.TruncTakenForDiff::new,
                "P1",
                "Z2",
                "Z9");
        add(
                "TRUNC of what is committed",
                "ZOOKEEPER-1156",
                Profile.BRUTAL,
                SynchronisationDefects.TruncatesTooMuch::new,
                "P4");
        add(
                "DIFF in place of SNAP",
                "ZOOKEEPER-4352, 2846",
                Profile.BRUTAL,
                SynchronisationDefects.DiffInPlaceOfSnapshot::new,
                "Z8",
                "D2",
                "Z9");
        add(
                "NEWLEADER ahead of the history",
                "ZOOKEEPER-3104",
                Profile.BRUTAL,
                SynchronisationDefects.NewLeaderFirst::new,
                "Z8",
                "D2");
        add(
                "hole in the history that is sent",
                "ZOOKEEPER-4925, 2846",
                Profile.BRUTAL,
                SynchronisationDefects.HoleInDiff::new,
                "Z9");
        add(
                "UPTODATE before a quorum has the history",
                "ZOOKEEPER-3911",
                Profile.CALM,
                SynchronisationDefects.UpToDateAtOnce::new,
                "C1");
        add(
                "a joiner gets the commit and not the proposal",
                "ZOOKEEPER-3023, trap (a)",
                Profile.BRUTAL,
                SynchronisationDefects.CommitWithoutProposal::new,
                "C3",
                "Z9");
        add(
                "NEWLEADER taken as acknowledged when sent",
                "quorum of NEWLEADER skipped",
                Profile.CALM,
                SynchronisationDefects.AckOfNewLeaderAssumed::new,
                "D2",
                "D1");
        add(
                "epoch taken as acknowledged when announced",
                "quorum of ACKEPOCH skipped",
                Profile.CALM,
                SynchronisationDefects.AckOfEpochAssumed::new,
                "E4");
        add(
                "talks on a connection that is closed",
                "ZOOKEEPER-4409",
                Profile.BRUTAL,
                SynchronisationDefects.TalksOnAfterClosing::new,
                "C5");
    }

    private void broadcast() {
        add(
                "commit on a minority",
                "quorum of ACKs skipped",
                Profile.CALM,
                BroadcastDefects.CommitOnMinority::new,
                "D1");
        add(
                "commits out of order",
                "ZOOKEEPER-4394, 3023",
                Profile.CALM,
                BroadcastDefects.CommitsOutOfOrder::new,
                "C3");
        add("commit lost", "ZOOKEEPER-4537", Profile.CALM, BroadcastDefects.CommitLost::new, "C3");
        add(
                "proposal sent twice",
                "X1 of quorum.md",
                Profile.CALM,
                BroadcastDefects.ProposalTwice::new,
                "Z9");
        add(
                "proposal altered on its way",
                "ZOOKEEPER-2623",
                Profile.CALM,
                BroadcastDefects.ProposalAltered::new,
                "Z10");
        add("ACK twice", "ZOOKEEPER-4685", Profile.CALM, BroadcastDefects.AckTwice::new, "C4");
        add(
                "applies what is only proposed",
                "ZOOKEEPER-1549, 2832",
                Profile.CALM,
                BroadcastDefects.DeliversProposals::new,
                "D1",
                "Z1",
                "Z3");
        add(
                "applies twice",
                "ZOOKEEPER-3127",
                Profile.CALM,
                BroadcastDefects.DeliversTwice::new,
                "Z4",
                "Z3",
                "V3");
        add(
                "commit skipped in memory",
                "ZOOKEEPER-4925, 2355",
                Profile.CALM,
                BroadcastDefects.DeliversNot::new,
                "Z4",
                "Z3");
        add(
                "applies something else",
                "ZOOKEEPER-2846",
                Profile.CALM,
                BroadcastDefects.DeliversSomethingElse::new,
                "Z1",
                "Z10",
                "Z7");
        add(
                "commits what it never logged",
                "ZOOKEEPER-4882",
                Profile.CALM,
                BroadcastDefects.LogsNot::new,
                "D8",
                "Z9",
                "C4");
        add(
                "sync answered without a quorum",
                "ZOOKEEPER-1675",
                Profile.BRUTAL,
                BroadcastDefects.SyncWithoutQuorum::new,
                "L3");
        add(
                "old configuration only",
                "ZOOKEEPER-2212",
                Profile.RECONFIG,
                OldConfigurationOnly::new,
                "D1",
                "C6");
        add(
                "activation of a configuration lost",
                "ZOOKEEPER-2137, 2172",
                Profile.RECONFIG,
                BroadcastDefects.ActivationLost::new,
                "C6",
                "V1");
        add(
                "leader answers pings and nothing else",
                "ZOOKEEPER-2201, 2247",
                Profile.CALM,
                BroadcastDefects.GrayLeader::new,
                "V1",
                "D2");
        host(
                "packet lost within a connection",
                "ZOOKEEPER-2355",
                Profile.CALM,
                LosesProposals::new,
                "C5");
    }

    private void elections() {
        add(
                "vote for somebody who is no voter",
                "ZOOKEEPER-2959",
                Profile.CALM,
                ElectionDefects.VotesForAStranger::new,
                "E7");
        addOf(
                "every vote taken as one's own",
                "ZOOKEEPER-975, 1514",
                Profile.CALM,
                sid -> inner -> new ElectionDefects.ElectsItself(inner, sid),
                "E7");
        add(
                "election by id alone",
                "ZOOKEEPER-2845, 335",
                Profile.BRUTAL,
                ElectionDefects.ElectsWithoutHistory::new,
                "E6",
                "E7",
                "P3");
        add(
                "what a server has counts only when it has served",
                "ZOOKEEPER-582, 596",
                Profile.BRUTAL,
                ElectionDefects.SeemsEmpty::new,
                "E6",
                "V1");
        addOf(
                "each server names the first configuration",
                "ZOOKEEPER-1783",
                Profile.DEFAULT,
                sid -> inner -> new ElectionDefects.NamesTheFirstConfiguration(inner, sid),
                "C6",
                "V2",
                "V1");
        add(
                "those who follow do not answer those who look",
                "ZOOKEEPER-1514, 1732",
                Profile.BRUTAL,
                ElectionDefects.DoesNotAnswerThoseWhoLook::new,
                "V1",
                "V2");
        add(
                "receiver of votes has died",
                "ZOOKEEPER-3769, poison packet",
                Profile.CALM,
                ElectionDefects.HearsNoVotes::new,
                "V1");
        add(
                "old epoch proposed",
                "ZOOKEEPER-335",
                Profile.CALM,
                ElectionDefects.OldEpochProposed::new,
                "E5",
                "E4",
                "E2");
        add(
                "epoch acknowledged twice",
                "FollowerProcessLEADERINFO",
                Profile.BRUTAL,
                ElectionDefects.AcksEpochTwice::new,
                "E4");
        addOf(
                "quorum counted with an observer",
                "ZOOKEEPER-2959",
                Profile.BRUTAL,
                sid -> inner -> new ElectionDefects.CountsAnObserver(inner, sid == 1 ? 2 : 1),
                "E5",
                "E4",
                "D1",
                "D2",
                "C1");
        addOf(
                "epoch proposed without a quorum",
                "getEpochToPropose",
                Profile.CALM,
                sid -> inner -> new ElectionDefects.InventsALearner(inner, sid),
                "E5");
    }

    private void sessions() {
        add(
                "request handed on twice",
                "ZOOKEEPER-3471",
                Profile.CALM,
                SessionDefects.ForwardsTwice::new,
                "S3");
        add(
                "session created twice",
                "ZOOKEEPER-3144, 2926",
                Profile.CALM,
                SessionDefects.CreatesSessionTwice::new,
                "S4");
        add(
                "requests of a session out of order",
                "ZOOKEEPER-2024",
                Profile.CALM,
                SessionDefects.ForwardsOutOfOrder::new,
                "L5",
                "S3");
        add(
                "requests lost on their way to the leader",
                "ZOOKEEPER-4537",
                Profile.CALM,
                SessionDefects.ForwardsNot::new,
                "V1",
                "L5");
        add(
                "expired session revived",
                "ZOOKEEPER-1208, 1496",
                Profile.DEFAULT,
                SessionDefects.RevivesSessions::new,
                "S4");
        add(
                "session expired while it is heard of",
                "ZOOKEEPER-1049",
                Profile.CALM,
                SessionDefects.TouchesLost::new,
                "S1");
        add(
                "session never expires",
                "ZOOKEEPER-1208",
                Profile.DEFAULT,
                SessionDefects.TouchesNeverEnd::new,
                "S1");
    }

    private void clients() {
        host(
                "watch fired after read",
                "ZOOKEEPER-2024",
                Profile.CALM,
                ClientDefects.EventsLast::new,
                "W1",
                "W3",
                "W2");
        host(
                "watch lost",
                "ZOOKEEPER-3145, 3249",
                Profile.CALM,
                ClientDefects.EventsLost::new,
                "W1",
                "W3");
        host(
                "watch fired twice",
                "ZOOKEEPER-1412",
                Profile.CALM,
                ClientDefects.EventsTwice::new,
                "W2",
                "W1",
                "W3");
        host(
                "watch events out of order",
                "ZOOKEEPER-4466",
                Profile.CALM,
                ClientDefects.EventsOutOfOrder::new,
                "W4");
        host(
                "replies out of order",
                "ZOOKEEPER-3690",
                Profile.DEFAULT,
                ClientDefects.RepliesOutOfOrder::new,
                "L5");
        host(
                "zxid goes back",
                "ZOOKEEPER-2832",
                Profile.CALM,
                ClientDefects.OldZxid::new,
                "L4",
                "L1",
                "L2",
                "L6",
                "L3");
        host(
                "uncommitted state is read",
                "ZOOKEEPER-1549",
                Profile.CALM,
                ClientDefects.FutureZxid::new,
                "L6",
                "L1");
        host(
                "wrong data is read",
                "ZOOKEEPER-4872",
                Profile.CALM,
                ClientDefects.WrongBody::new,
                "L2",
                "L1");
        host(
                "wrong result of a write",
                "ZOOKEEPER-4026",
                Profile.CALM,
                ClientDefects.WrongError::new,
                "L1",
                "L2");
    }

    private void add(
            String name,
            String history,
            Profile profile,
            UnaryOperator<Agreement> defect,
            String... caughtBy) {
        addOf(name, history, profile, _ -> defect, caughtBy);
    }

    private void addOf(
            String name,
            String history,
            Profile profile,
            LongFunction<UnaryOperator<Agreement>> defect,
            String... caughtBy) {
        list.add(Mutation.ofAgreement(name, history, profile, defect, caughtBy));
    }

    private void host(
            String name,
            String history,
            Profile profile,
            Supplier<HostMutation> defect,
            String... caughtBy) {
        list.add(Mutation.ofHost(name, history, profile, defect, caughtBy));
    }

    /// What is appended is said to be durable at once.
    private static final class ReportsEarly implements HostMutation {

        @Override
        public boolean reportsBeforeDurable(Effect.OnDisk effect) {
            return effect instanceof Effect.Append;
        }
    }

    /// Effects of one kind are reported and not carried out; appends only now and then.
    private static final class Loses implements HostMutation {

        private final Class<? extends Effect> kind;
        private int count;

        Loses(Class<? extends Effect> kind) {
            this.kind = kind;
        }

        @Override
        public @Nullable Effect carryOut(Effect effect) {
            if (!kind.isInstance(effect)) {
                return effect;
            }
            boolean isNow = kind != Effect.Append.class || ++count % 40 > 30;
            return isNow ? null : effect;
        }
    }

    /// Packets get lost in the middle of a connection.
    private static final class LosesProposals implements HostMutation {

        private int count;

        @Override
        public @Nullable QuorumPacket deliver(QuorumPacket packet) {
            return packet.type() == PacketType.PROPOSAL && ++count % 20 == 0 ? null : packet;
        }
    }
}
