package io.witan.simulation.server;

/// Thrown where a server dies between two calls. Not an exception, so that nothing in between takes
/// it for one of its own.
@SuppressWarnings("serial")
final class CrashNow extends Error {

    CrashNow() {
        super("crash", null, false, false);
    }
}
