package io.witan.zab.peer;

import io.witan.wire.quorum.PacketType;
import io.witan.wire.quorum.Payloads;
import io.witan.wire.quorum.QuorumPacket;
import io.witan.zab.Effect;
import io.witan.zab.Happening;
import io.witan.zab.Zxids;

/// Effects in a few words, so that a list of them reads like the rule that it checks. Zxids are
/// written as in the specification: `2_1a` is the transaction 0x1a of epoch 2.
final class EffectWords {

    private EffectWords() {}

    static String of(Effect effect) {
        return switch (effect) {
            case Effect.SendNotification(long to, var notification) ->
                    "notify %d of %s".formatted(to, notification);
            case Effect.RestartElectionPort _ -> "restart election port";
            case Effect.AcceptLearners _ -> "accept learners";
            case Effect.RefuseLearners _ -> "refuse learners";
            case Effect.DialLeader(long sid, long _) -> "dial " + sid;
            case Effect.AcceptObservers _ -> "accept observers";
            case Effect.RefuseObservers _ -> "refuse observers";
            case Effect.DialObserverMaster(long sid, long _) -> "dial observer master " + sid;
            case Effect.SendPacket(long _, QuorumPacket packet) -> "send " + of(packet);
            case Effect.SendSnapshot(long _, long zxid) -> "send snapshot " + zxid(zxid);
            case Effect.ReceiveSnapshot(long _, long zxid) -> "receive snapshot " + zxid(zxid);
            case Effect.CloseLink(long _, String reason) -> "close: " + reason;
            case Effect.Append(long zxid, byte[] _) -> "append " + zxid(zxid);
            case Effect.StoreAcceptedEpoch(long _, long epoch) -> "store acceptedEpoch " + epoch;
            case Effect.StoreCurrentEpoch(long _, long epoch) -> "store currentEpoch " + epoch;
            case Effect.TruncateLog(long _, long zxid) -> "truncate to " + zxid(zxid);
            case Effect.StoreSnapshot(long _, long zxid) -> "store snapshot " + zxid(zxid);
            case Effect.StoreLastSeenConfig(long _, var config) ->
                    "store last seen config " + zxid(config.version());
            case Effect.StoreCommittedConfig(long _, var config) ->
                    "store committed config " + zxid(config.version());
            case Effect.StoreDamageMark _ -> "store damage mark";
            case Effect.ClearDamageMark _ -> "clear damage mark";
            case Effect.ReadLog(long _, long after, long upTo, long _) ->
                    "read log after %s up to %s".formatted(zxid(after), zxid(upTo));
            case Effect.ReloadTree _ -> "reload tree";
            case Effect.Deliver(long zxid, byte[] _) -> "deliver " + zxid(zxid);
            case Effect.StartLeading(long epoch) -> "lead epoch " + epoch;
            case Effect.StartFollowing(long leader, long epoch, boolean observer) ->
                    "%s %d in epoch %d".formatted(observer ? "observe" : "follow", leader, epoch);
            case Effect.StartReadOnly _ -> "serve readers";
            case Effect.StopServing _ -> "stop serving";
            case Effect.Forwarded(long _, var request) -> "forwarded " + request;
            case Effect.SessionsHeard(long _, var touches) -> "heard of " + touches;
            case Effect.RevalidationAsked(long _, long session, int _) ->
                    "asked whether %x lives".formatted(session);
            case Effect.LearnerGone(long link) -> "learner gone " + link;
            case Effect.SessionLeft(long session) -> "session %x has left".formatted(session);
            case Effect.Revalidated(long session, boolean valid) ->
                    "session %x %s".formatted(session, valid ? "lives" : "is gone");
            case Effect.AnswerPing(long _, long zxid) -> "answer ping " + zxid(zxid);
            case Effect.Tell(Happening happening) -> "tell " + happening;
            case Effect.Synced(long token) -> "synced " + token;
            case Effect.ConfigInForce(var config) ->
                    "config %s in force".formatted(zxid(config.version()));
        };
    }

    private static String of(QuorumPacket packet) {
        String head = PacketType.name(packet.type()) + " " + zxid(packet.zxid());
        return packet.type() == PacketType.ACKEPOCH
                ? head + " epoch " + Payloads.currentEpoch(packet.data())
                : head;
    }

    static String zxid(long zxid) {
        return zxid == -1
                ? "-1"
                : Long.toHexString(Zxids.epoch(zxid)) + "_" + Long.toHexString(Zxids.counter(zxid));
    }
}
