package io.witan.zab.config;

import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.Request;
import io.witan.wire.config.Address;
import io.witan.wire.config.ConfigTextException;
import io.witan.wire.config.EnsembleConfig;
import io.witan.wire.config.HostPort;
import io.witan.wire.config.Member;
import io.witan.wire.config.MemberSpec;
import io.witan.zab.AgreementView;
import io.witan.zab.PeerSettings;
import io.witan.zab.quorum.QuorumVerifier;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Makes the next configuration out of what a client asks for, or finds out why not (quorum,
/// sections 5.1 and 5.2). What depends on the client's session and its rights is checked by whoever
/// knows them.
public final class ConfigChange {

    /// What comes of a request.
    public sealed interface Result {

        /// The configuration to propose.
        record Accepted(EnsembleConfig config) implements Result {}

        /// @param error one of [ErrorCode]
        /// @param reason for people
        record Refused(int error, String reason) implements Result {}
    }

    private static final long ANY_VERSION = -1;

    private ConfigChange() {}

    /// To be asked on a leader. The checks come in the order of section 5.2, which decides what a
    /// client is told.
    ///
    /// @param newVersion the zxid that the change will have
    public static Result apply(
            AgreementView leader,
            PeerSettings settings,
            Request.Reconfig request,
            long newVersion) {
        EnsembleConfig base = leader.lastSeenConfig();
        if (!settings.membership().reconfigEnabled()) {
            return refused(ErrorCode.RECONFIG_DISABLED, "reconfiguration is disabled");
        }
        if (base.version() != leader.committedConfig().version()) {
            return refused(
                    ErrorCode.RECONFIG_IN_PROGRESS,
                    "version %x is not committed yet".formatted(base.version()));
        }
        if (request.curConfigId() != ANY_VERSION && request.curConfigId() != base.version()) {
            return refused(
                    ErrorCode.BAD_VERSION,
                    "the configuration has version %x, not %x"
                            .formatted(base.version(), request.curConfigId()));
        }
        EnsembleConfig next;
        try {
            next = next(base, request).withVersion(newVersion);
        } catch (ConfigTextException unusable) {
            return refused(ErrorCode.BAD_ARGUMENTS, String.valueOf(unusable.getMessage()));
        }
        return checked(next, leader, settings);
    }

    private static Result checked(
            EnsembleConfig next, AgreementView leader, PeerSettings settings) {
        int participantsMin = settings.membership().standaloneEnabled() ? 2 : 1;
        if (next.participants().size() < participantsMin) {
            return refused(
                    ErrorCode.BAD_ARGUMENTS,
                    "%d participants would remain, there must be %d"
                            .formatted(next.participants().size(), participantsMin));
        }
        // Observers acknowledge nothing while they are observers: the change could never be
        // committed
        // on their word, and no leader could begin an epoch after it.
        Set<Long> acknowledging = new TreeSet<>(leader.syncedSids());
        acknowledging.removeAll(leader.committedConfig().observers());
        if (!QuorumVerifier.of(next).isQuorum(acknowledging)) {
            return refused(
                    ErrorCode.NEW_CONFIG_NO_QUORUM,
                    "the servers %s, which follow the leader and are in synchrony, are no quorum of it"
                            .formatted(acknowledging));
        }
        return new Result.Accepted(next);
    }

    private static Result refused(int error, String reason) {
        return new Result.Refused(error, reason);
    }

    private static EnsembleConfig next(EnsembleConfig base, Request.Reconfig request)
            throws ConfigTextException {
        String all = request.newMembers();
        if (all != null) {
            return EnsembleConfig.parse(all.replace(',', '\n'));
        }
        if (base.isHierarchical()) {
            throw new ConfigTextException(
                    "single servers join and leave only where a majority decides; name all members");
        }
        SortedMap<Long, Member> members = new TreeMap<>(base.members());
        for (String sid : items(request.leavingServers())) {
            members.remove(leaving(sid));
        }
        for (String line : items(request.joiningServers())) {
            Member joiner = MemberSpec.parseLine(line);
            checkJoiner(joiner, members);
            members.put(joiner.sid(), joiner);
        }
        return EnsembleConfig.majority(members.values(), base.version());
    }

    private static List<String> items(@Nullable String list) {
        List<String> items = new ArrayList<>();
        if (list != null) {
            for (String item : list.split(",", -1)) {
                if (!item.isBlank()) {
                    items.add(item.trim());
                }
            }
        }
        return items;
    }

    private static long leaving(String sid) throws ConfigTextException {
        try {
            return Long.parseLong(sid);
        } catch (NumberFormatException notOne) {
            throw new ConfigTextException("a server that leaves is named by its number only");
        }
    }

    private static void checkJoiner(Member joiner, SortedMap<Long, Member> members)
            throws ConfigTextException {
        if (joiner.clientAddress() == null) {
            throw new ConfigTextException("server " + joiner.sid() + " has no client port");
        }
        List<HostPort> wanted = endpoints(joiner);
        for (Map.Entry<Long, Member> other : members.entrySet()) {
            if (other.getKey() == joiner.sid()) {
                continue;
            }
            for (HostPort taken : endpoints(other.getValue())) {
                if (wanted.contains(taken)) {
                    throw new ConfigTextException(
                            "server %d has %s already, which server %d would have"
                                    .formatted(other.getKey(), taken, joiner.sid()));
                }
            }
        }
    }

    /// Where a server listens, as others would find it: what every machine has for itself is left
    /// out.
    private static List<HostPort> endpoints(Member member) throws ConfigTextException {
        List<HostPort> endpoints = new ArrayList<>();
        for (Address address : member.addresses()) {
            endpoints.add(address.quorum());
            endpoints.add(address.election());
        }
        String client = member.clientAddress();
        if (client != null) {
            endpoints.add(HostPort.parse(client));
        }
        endpoints.removeIf(endpoint -> endpoint.isWildcard() || endpoint.isLoopback());
        return endpoints;
    }
}
