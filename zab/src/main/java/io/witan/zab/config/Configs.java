package io.witan.zab.config;

import io.witan.wire.config.EnsembleConfig;
import io.witan.zab.quorum.Oracle;
import io.witan.zab.quorum.QuorumVerifier;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The two configurations that a server holds (quorum, section 1.5): the committed one, C, which is
/// in force, and the one last seen, S, which is newer while a reconfiguration is under way. Every
/// decision in between asks both.
///
/// Invariant: `committed.version() <= lastSeen.version()`. The former never falls; the latter only
/// when a reconfiguration has turned out never to have been, see [#forget] (the original installs
/// any older S).
public final class Configs {

    private final boolean reconfigEnabled;
    private final Oracle oracle;

    private EnsembleConfig committed;
    private EnsembleConfig lastSeen;
    private QuorumVerifier ofCommitted;
    private QuorumVerifier ofLastSeen;

    /// The participants of both.
    private Set<Long> voters;

    /// False while an ensemble of two is known to be complete: then its oracle is not asked.
    private boolean oracleNeeded = true;

    /// @param lastSeen ignored if it is older than `committed`
    public Configs(
            boolean reconfigEnabled,
            EnsembleConfig committed,
            EnsembleConfig lastSeen,
            Oracle oracle) {
        this.reconfigEnabled = reconfigEnabled;
        this.oracle = oracle;
        this.committed = committed;
        this.lastSeen = isNewer(lastSeen, committed) ? lastSeen : committed;
        this.ofCommitted = QuorumVerifier.of(committed);
        this.ofLastSeen = QuorumVerifier.of(this.lastSeen);
        this.voters = union(ofCommitted.voters(), ofLastSeen.voters());
    }

    public EnsembleConfig committed() {
        return committed;
    }

    public EnsembleConfig lastSeen() {
        return lastSeen;
    }

    /// Whether a configuration has been seen that is not committed yet.
    public boolean isChanging() {
        return isNewer(lastSeen, committed);
    }

    // ---- voters

    /// Whether the server's voice counts in one of the two.
    public boolean isVoter(long sid) {
        return voters.contains(sid);
    }

    /// Whether the server is a participant of the configuration in force.
    public boolean isParticipant(long sid) {
        return ofCommitted.voters().contains(sid);
    }

    /// The participants of both, ascending.
    public Set<Long> voters() {
        return voters;
    }

    /// In the configuration in force; for those who join, in the one last seen.
    public long weight(long sid) {
        return isParticipant(sid) ? ofCommitted.weight(sid) : ofLastSeen.weight(sid);
    }

    // ---- quorums

    /// Whether that is a quorum of the configuration in force, and of the one last seen, too, while
    /// that is not the same.
    public boolean isQuorum(Set<Long> sids) {
        return isCommittedQuorum(sids) && (!isChanging() || suffices(ofLastSeen, sids));
    }

    /// Whether that is a quorum of the configuration in force, whatever was seen since: the rule
    /// for epochs.
    public boolean isCommittedQuorum(Set<Long> sids) {
        return suffices(ofCommitted, sids);
    }

    /// What [#isQuorum(Set)] asks at present, for a decision that is begun now and falls later: all
    /// of these must have a quorum.
    public List<QuorumVerifier> verifiers() {
        return isChanging() ? List.of(ofCommitted, ofLastSeen) : List.of(ofCommitted);
    }

    /// Whether that is a quorum by the rules of an earlier [#verifiers].
    public boolean isQuorum(List<QuorumVerifier> verifiers, Set<Long> sids) {
        for (QuorumVerifier verifier : verifiers) {
            if (!suffices(verifier, sids)) {
                return false;
            }
        }
        return true;
    }

    /// Whether every quorum of the configuration last seen has one of these in it. Not where an
    /// oracle could make a quorum of somebody else.
    public boolean meetsEveryQuorumOfLastSeen(Set<Long> sids) {
        var others = new TreeSet<>(ofLastSeen.voters());
        others.removeAll(sids);
        boolean mayBeOracles = !oracle.equals(Oracle.NONE) && ofLastSeen.allowsOracle();
        return mayBeOracles ? others.isEmpty() : !ofLastSeen.isQuorum(others);
    }

    private boolean suffices(QuorumVerifier verifier, Set<Long> sids) {
        return verifier.isQuorum(sids)
                || (oracleNeeded
                        && verifier.allowsOracle()
                        && !Collections.disjoint(verifier.voters(), sids)
                        && oracle.mayGoOnAlone());
    }

    // ---- oracle

    /// Tells whether the oracle is to be asked. It is, until a leader finds its ensemble of two
    /// complete: exactly when no follower is synchronised and there are two participants (quorum,
    /// section 1.4).
    public void setOracleNeeded(boolean needed) {
        oracleNeeded = needed;
    }

    /// Whether there is an oracle, it would be asked, and it does not let this server go on alone:
    /// then the other one may.
    public boolean isOracleForTheOther() {
        return !oracle.equals(Oracle.NONE)
                && oracleNeeded
                && ofCommitted.allowsOracle()
                && !oracle.mayGoOnAlone();
    }

    // ---- changes

    /// Another server says that there is a newer configuration. Nothing that others say is
    /// installed where reconfiguration is disabled (ZOOKEEPER-3829).
    ///
    /// @return whether it is the one last seen now
    public boolean see(EnsembleConfig config) {
        if (!reconfigEnabled || !isNewer(config, lastSeen)) {
            return false;
        }
        lastSeen = config;
        ofLastSeen = QuorumVerifier.of(config);
        voters = union(ofCommitted.voters(), ofLastSeen.voters());
        return true;
    }

    /// The one last seen was never committed, and never will be: none is under way.
    ///
    /// @return whether there was one
    public boolean forget() {
        if (!reconfigEnabled || !isChanging()) {
            return false;
        }
        lastSeen = committed;
        ofLastSeen = ofCommitted;
        voters = ofCommitted.voters();
        return true;
    }

    /// A configuration is committed; it is also the one last seen unless that is newer still.
    ///
    /// @return whether it is in force now; not if it is no newer than the one that was
    public boolean commit(EnsembleConfig config) {
        if (!reconfigEnabled || !isNewer(config, committed)) {
            return false;
        }
        see(config);
        committed = config;
        ofCommitted = QuorumVerifier.of(config);
        voters = union(ofCommitted.voters(), ofLastSeen.voters());
        return true;
    }

    /// Versions are zxids and compared as such.
    private static boolean isNewer(EnsembleConfig one, EnsembleConfig other) {
        return one.version() > other.version();
    }

    private static Set<Long> union(Set<Long> one, Set<Long> other) {
        var both = new TreeSet<>(one);
        both.addAll(other);
        return Collections.unmodifiableSortedSet(both);
    }
}
