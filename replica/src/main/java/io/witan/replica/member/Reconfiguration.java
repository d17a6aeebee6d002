package io.witan.replica.member;

import io.witan.replica.write.MembershipRules;
import io.witan.replica.write.WriteRequest;
import io.witan.wire.client.Request;
import io.witan.zab.Agreement;
import io.witan.zab.PeerSettings;
import io.witan.zab.config.ConfigChange;

import java.nio.charset.StandardCharsets;

/// What agreement has to say to a request for other members.
final class Reconfiguration implements MembershipRules {

    private final Agreement agreement;
    private final PeerSettings settings;

    Reconfiguration(Agreement agreement, PeerSettings settings) {
        this.agreement = agreement;
        this.settings = settings;
    }

    @Override
    public Answer answer(WriteRequest.Reconfig request, long zxid) {
        var asked =
                new Request.Reconfig(
                        request.joiningServers(),
                        request.leavingServers(),
                        request.newMembers(),
                        request.curConfigId());
        return switch (ConfigChange.apply(agreement.view(), settings, asked, zxid)) {
            case ConfigChange.Result.Refused(int error, String _) -> new Answer.Refused(error);
            case ConfigChange.Result.Accepted accepted ->
                    new Answer.Accepted(accepted.config().text().getBytes(StandardCharsets.UTF_8));
        };
    }
}
