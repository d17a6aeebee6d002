package io.witan.wire.config;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who is in the ensemble and what makes a quorum (quorum, sections 1.3 and 1.5).
///
/// @param members by sid
/// @param groups sids of each group, ascending, by the number of the group; empty where a majority
///   of the participants is a quorum
/// @param weights by sid; empty where there are no groups
/// @param version the zxid that brought it, 0 if it was only ever written in files; unsigned
public record EnsembleConfig(
        SortedMap<Long, Member> members,
        SortedMap<Long, List<Long>> groups,
        SortedMap<Long, Long> weights,
        long version) {

    public EnsembleConfig {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
        members.forEach((sid, member) -> {
            if (member.sid() != sid) {
                throw new IllegalArgumentException("server " + member.sid() + " stands as " + sid);
            }
        });
        SortedMap<Long, List<Long>> sorted = new TreeMap<>();
        groups.forEach((group, sids) -> sorted.put(group, sids.stream().sorted().toList()));
        groups = Collections.unmodifiableSortedMap(sorted);
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    }

    /// A configuration without groups.
    public static EnsembleConfig majority(Collection<Member> members, long version) {
        SortedMap<Long, Member> bySid = new TreeMap<>();
        for (Member member : members) {
            bySid.put(member.sid(), member);
        }
        return new EnsembleConfig(bySid, new TreeMap<>(), new TreeMap<>(), version);
    }

    /// Reads the text form. A text without any participant is refused, because nobody can do
    /// anything with it.
    public static EnsembleConfig parse(String text) throws ConfigTextException {
        return ConfigParser.parse(text);
    }

    /// The text form, with the version and without a newline at the end.
    public String text() {
        List<String> lines = lines();
        lines.add("version=" + Long.toHexString(version));
        return String.join("\n", lines);
    }

    /// What dynamic configuration files hold: the lines without the version, sorted as strings.
    public String fileText() {
        List<String> lines = lines();
        Collections.sort(lines);
        return String.join("\n", lines);
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        members.forEach((sid, member) -> lines.add("server." + sid + "=" + member.spec()));
        groups.forEach((group, sids) -> lines.add("group." + group + "=" + joined(sids)));
        weights.forEach((sid, weight) -> lines.add("weight." + sid + "=" + weight));
        return lines;
    }

    private static String joined(List<Long> sids) {
        return String.join(":", sids.stream().map(String::valueOf).toList());
    }

    /// Whether quorums are made of groups and weights.
    public boolean isHierarchical() {
        return !groups.isEmpty();
    }

    public @Nullable Member member(long sid) {
        return members.get(sid);
    }

    /// Whether that server has a vote here.
    public boolean isParticipant(long sid) {
        Member member = members.get(sid);
        return member != null && member.isParticipant();
    }

    /// The sids of all servers that have a vote.
    public SortedSet<Long> participants() {
        return sids(true);
    }

    /// The sids of all others.
    public SortedSet<Long> observers() {
        return sids(false);
    }

    private SortedSet<Long> sids(boolean participants) {
        SortedSet<Long> sids = new TreeSet<>();
        for (Map.Entry<Long, Member> entry : members.entrySet()) {
            if (entry.getValue().isParticipant() == participants) {
                sids.add(entry.getKey());
            }
        }
        return sids;
    }

    /// Whether the other one means the same, whatever its version.
    public boolean sameContent(EnsembleConfig other) {
        return members.equals(other.members)
                && groups.equals(other.groups)
                && weights.equals(other.weights);
    }

    public EnsembleConfig withVersion(long newVersion) {
        return new EnsembleConfig(members, groups, weights, newVersion);
    }

    /// For reports: the text form in one line.
    @Override
    public String toString() {
        return text().replace("\n", ", ");
    }
}
