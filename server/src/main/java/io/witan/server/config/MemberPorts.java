package io.witan.server.config;

import io.witan.wire.config.Address;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.config.HostPort;
import io.witan.wire.config.Member;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/// Finds ports of an ensemble that two would listen on. The original notices when it cannot bind,
/// if it does: two servers with one election port hear each other's votes as their own.
final class MemberPorts {

    private final LongFunction<String> place;
    private final Map<HostPort, String> owners = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private MemberPorts(LongFunction<String> place) {
        this.place = place;
    }

    /// @param place where the line of a server stands, for people
    static List<String> problems(EnsembleConfig config, LongFunction<String> place) {
        var ports = new MemberPorts(place);
        config.members().values().forEach(ports::add);
        return ports.problems;
    }

    private void add(Member member) {
        for (Address address : member.addresses()) {
            claim(address.quorum(), member, "quorum port");
            claim(address.election(), member, "election port");
        }
        String client = member.clientAddress();
        if (client != null) {
            int port = Integer.parseInt(client.substring(client.lastIndexOf(':') + 1));
            for (Address address : member.addresses()) {
                // Whatever the host says, clients of this server come to this machine.
                claim(new HostPort(address.host(), port), member, "client port");
            }
        }
    }

    private void claim(HostPort port, Member member, String what) {
        String mine = "the %s of %s".formatted(what, place.apply(member.sid()));
        String other = owners.putIfAbsent(port, mine);
        if (other != null) {
            problems.add(
                    "%s is %s and %s. Give each a port of its own.".formatted(port, other, mine));
        }
    }
}
