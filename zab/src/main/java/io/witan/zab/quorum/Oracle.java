package io.witan.zab.quorum;

/// The tie breaker of an ensemble of two, which would otherwise stop with either of its servers
/// (quorum, section 1.4). It is asked anew each time, and must not say yes to both.
public interface Oracle {

    /// There is no oracle.
    Oracle NONE = () -> false;

    /// Whether this server may go on without the other one.
    boolean mayGoOnAlone();
}
