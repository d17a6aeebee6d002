package io.witan.simulation.server;

/// Where events of one running server are carried out, one after the other.
interface Steps {

    /// Runs the event now, later if the process is stopped, or never if it is gone. Not to be
    /// called from within an event.
    void step(Runnable event);

    /// Runs the event after the one that is going on.
    void later(Runnable event);
}
