package io.witan.zab.config;

import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.config.HostPort;
import io.witan.wire.config.Member;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Who leads after a reconfiguration, so that no election is needed (quorum, section 5.4).
public final class DesignatedLeader {

    private DesignatedLeader() {}

    /// The leader stays if learners find it where they did and it still has a vote. Otherwise one
    /// of those follows who have the reconfiguration in their logs, and as much of what stands
    /// behind it as any of them.
    ///
    /// @param reconfigAcks those who have acknowledged the reconfiguration
    /// @param laterAcks for each later proposal that is outstanding, in order, those who have
    ///   acknowledged it
    /// @return the leader itself if there is no other
    public static long choose(
            long leaderSid,
            EnsembleConfig before,
            EnsembleConfig after,
            Set<Long> reconfigAcks,
            List<Set<Long>> laterAcks) {
        if (stays(leaderSid, before, after)) {
            return leaderSid;
        }
        var candidates = new TreeSet<Long>(after.participants());
        candidates.retainAll(reconfigAcks);
        candidates.remove(leaderSid);
        if (candidates.isEmpty()) {
            return leaderSid;
        }
        for (Set<Long> acks : laterAcks) {
            var remaining = new TreeSet<>(candidates);
            remaining.retainAll(acks);
            if (remaining.isEmpty()) {
                break;
            }
            candidates = remaining;
        }
        return candidates.first();
    }

    /// Whether a server has a vote in both configurations, and the same address for learners: as it
    /// is written, not as it resolves at the moment (ZOOKEEPER-4708).
    public static boolean stays(long sid, EnsembleConfig before, EnsembleConfig after) {
        Member old = before.member(sid);
        Member now = after.member(sid);
        return old != null
                && now != null
                && now.isParticipant()
                && quorumAddresses(old).equals(quorumAddresses(now));
    }

    private static List<HostPort> quorumAddresses(Member member) {
        return member.addresses().stream().map(address -> address.quorum()).toList();
    }
}
