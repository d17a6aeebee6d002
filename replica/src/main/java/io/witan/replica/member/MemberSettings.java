package io.witan.replica.member;

import io.witan.replica.ReplicaSettings;
import io.witan.replica.write.WriteRules;
import io.witan.zab.PeerSettings;

/// What is fixed about a member while it runs.
///
/// @param peer how it agrees; the same that its agreement has
/// @param replica how clients are served; its server id is that of `peer`
/// @param rules switches of the checks of writes; they and `peer` say the same of reconfiguration
/// @param snapshotFieldBytesMax longest data or string that a leader's snapshot may hold
/// @param leaderServes whether it takes clients while it leads
public record MemberSettings(
        PeerSettings peer,
        ReplicaSettings replica,
        WriteRules rules,
        int snapshotFieldBytesMax,
        boolean leaderServes) {}
