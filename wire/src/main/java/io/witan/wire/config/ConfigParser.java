package io.witan.wire.config;

import static io.witan.wire.config.ConfigTextException.quoted;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads the text form of a configuration (quorum, section 1.5): Java properties, with no keys but
/// those of members, groups, weights and the version.
final class ConfigParser {

    private static final String SERVER = "server.";
    private static final String GROUP = "group.";
    private static final String WEIGHT = "weight.";
    private static final String VERSION = "version";

    /// The weight of a participant that has none of its own.
    private static final long WEIGHT_DEFAULT = 1;

    /// So that no sum of weights can overflow.
    private static final long WEIGHT_MAX = Integer.MAX_VALUE;

    private final SortedMap<Long, Member> members = new TreeMap<>();
    private final SortedMap<Long, List<Long>> groups = new TreeMap<>();
    private final SortedMap<Long, Long> weights = new TreeMap<>();
    private long version;

    private ConfigParser() {}

    static EnsembleConfig parse(String text) throws ConfigTextException {
        ConfigParser parser = new ConfigParser();
        for (Map.Entry<String, String> entry : PropertiesText.read(text).entrySet()) {
            parser.take(entry.getKey(), entry.getValue());
        }
        return parser.finish();
    }

    private void take(String key, String value) throws ConfigTextException {
        if (key.equals(VERSION)) {
            version = Syntax.version(value);
        } else if (key.startsWith(SERVER)) {
            long sid = Syntax.sid(key.substring(SERVER.length()), key);
            putOnce(members, sid, MemberSpec.parse(sid, value), key);
        } else if (key.startsWith(GROUP)) {
            long group =
                    Syntax.number(
                            key.substring(GROUP.length()), Long.MAX_VALUE, "group number", key);
            putOnce(groups, group, sids(value, key), key);
        } else if (key.startsWith(WEIGHT)) {
            long sid = Syntax.sid(key.substring(WEIGHT.length()), key);
            putOnce(weights, sid, Syntax.number(value, WEIGHT_MAX, "weight", key), key);
        } else {
            throw new ConfigTextException(
                    "the key " + quoted(key) + " does not belong into a configuration of servers");
        }
    }

    private static List<Long> sids(String value, String key) throws ConfigTextException {
        List<Long> sids = new ArrayList<>();
        for (String sid : value.split(":", -1)) {
            sids.add(Syntax.sid(sid.trim(), key));
        }
        return sids;
    }

    /// `server.1` and `server.01` are different keys for the same server.
    private static <T> void putOnce(SortedMap<Long, T> map, long number, T value, String key)
            throws ConfigTextException {
        if (map.put(number, value) != null) {
            throw new ConfigTextException(quoted(key) + " stands twice, written differently");
        }
    }

    private EnsembleConfig finish() throws ConfigTextException {
        if (members.values().stream().noneMatch(Member::isParticipant)) {
            throw new ConfigTextException("no server of the configuration is a participant");
        }
        if (!groups.isEmpty() || !weights.isEmpty()) {
            checkGroups();
        }
        return new EnsembleConfig(members, groups, weights, version);
    }

    /// Every participant is in exactly one group, and every server in a group has a weight (quorum,
    /// section 1.3). Real servers end with an exception where one has none.
    private void checkGroups() throws ConfigTextException {
        Map<Long, Long> groupOfSid = new TreeMap<>();
        for (Map.Entry<Long, List<Long>> group : groups.entrySet()) {
            for (long sid : group.getValue()) {
                if (groupOfSid.put(sid, group.getKey()) != null) {
                    throw new ConfigTextException("server " + sid + " is twice in the groups");
                }
            }
        }
        for (Member member : members.values()) {
            if (member.isParticipant()) {
                if (!groupOfSid.containsKey(member.sid())) {
                    throw new ConfigTextException("server " + member.sid() + " is in no group");
                }
                weights.putIfAbsent(member.sid(), WEIGHT_DEFAULT);
            }
        }
        for (long sid : groupOfSid.keySet()) {
            if (!weights.containsKey(sid)) {
                throw new ConfigTextException(
                        "server "
                                + sid
                                + " is in a group, but is no participant and has no weight");
            }
        }
    }
}
