package io.witan.wire.config;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// One server of an ensemble. Two members are equal when they mean the same: the order in which the
/// addresses were written does not matter.
///
/// @param addresses one or more, sorted by host
/// @param clientAddress where it serves clients, `host:port`; null if the configuration does not
///   say, because only the server's own settings do
public record Member(long sid, List<Address> addresses, Role role, @Nullable String clientAddress) {

    /// Whether a server has a vote.
    public enum Role {
        PARTICIPANT,
        OBSERVER;

        /// As it is written in configurations.
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Member {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("server " + sid + " has no address");
        }
        addresses = addresses.stream().sorted(Member::order).toList();
    }

    // Not by the methods of Comparator: what they make is not in the AOT cache (decision 0004).
    private static int order(Address one, Address other) {
        int order = one.host().compareTo(other.host());
        if (order == 0) {
            order = Integer.compare(one.quorumPort(), other.quorumPort());
        }
        return order != 0 ? order : Integer.compare(one.electionPort(), other.electionPort());
    }

    public boolean isParticipant() {
        return role == Role.PARTICIPANT;
    }

    public Member withRole(Role newRole) {
        return new Member(sid, addresses, newRole, clientAddress);
    }

    /// What stands behind `server.<sid>=` in configurations (quorum, section 1.5): the role behind
    /// the last address, and always.
    public String spec() {
        return addresses.stream().map(Address::toString).collect(Collectors.joining("|"))
                + ":"
                + role.text()
                + (clientAddress == null ? "" : ";" + clientAddress);
    }
}
