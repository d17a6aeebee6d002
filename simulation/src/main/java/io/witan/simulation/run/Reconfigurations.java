package io.witan.simulation.run;

import io.witan.simulation.fault.RunPlan;
import io.witan.simulation.server.SimServer;
import io.witan.simulation.world.Chance;
import io.witan.wire.client.Request;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.config.Member;
import io.witan.zab.AgreementView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Draws changes of the membership that make sense where things stand.
final class Reconfigurations {

    private final RunPlan plan;
    private final List<SimServer> servers;
    private final Chance chance;

    Reconfigurations(RunPlan plan, List<SimServer> servers, Chance chance) {
        this.plan = plan;
        this.servers = servers;
        this.chance = chance;
    }

    /// The next change; null for none.
    @Nullable Request next() {
        EnsembleConfig config = newest();
        if (!plan.reconfigurations() || config == null) {
            return null;
        }
        SimServer server = chance.pick(servers);
        Member member = config.member(server.sid());
        long version = chance.hit(0.3) ? config.version() : -1;
        if (member == null) {
            return joining(server.sid(), role(), version);
        }
        if (chance.hit(0.4)) {
            return joining(
                    server.sid(),
                    member.isParticipant() ? Member.Role.OBSERVER : Member.Role.PARTICIPANT,
                    version);
        }
        if (chance.hit(0.3)) {
            return members(config, version);
        }
        return config.participants().size() > 1
                ? new Request.Reconfig(null, String.valueOf(server.sid()), null, version)
                : null;
    }

    private Member.Role role() {
        return chance.hit(0.7) ? Member.Role.PARTICIPANT : Member.Role.OBSERVER;
    }

    private static Request joining(long sid, Member.Role role, long version) {
        return new Request.Reconfig(line(sid, role), null, null, version);
    }

    private static String line(long sid, Member.Role role) {
        return "server." + sid + "=" + Settings.member(sid, role).spec();
    }

    /// All members anew, each with a role that is drawn.
    private Request members(EnsembleConfig config, long version) {
        List<String> lines = new ArrayList<>();
        for (SimServer server : servers) {
            if (config.member(server.sid()) != null || chance.hit(0.5)) {
                lines.add(line(server.sid(), role()));
            }
        }
        return new Request.Reconfig(null, null, String.join(",", lines), version);
    }

    private @Nullable EnsembleConfig newest() {
        EnsembleConfig newest = null;
        for (SimServer server : servers) {
            AgreementView view = server.view();
            if (view != null
                    && (newest == null || view.committedConfig().version() > newest.version())) {
                newest = view.committedConfig();
            }
        }
        return newest;
    }
}
