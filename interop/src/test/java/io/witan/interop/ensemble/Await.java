package io.witan.interop.ensemble;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.witan.interop.ServerProcess;

import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// Waits for what can be observed.
final class Await {

    /// Two of the patience of one server: an ensemble first finds a leader, then synchronises.
    private static final int PATIENCE_SECONDS = 2 * ServerProcess.PATIENCE_SECONDS;

    private static final long PAUSE_NANOS = 20_000_000;

    private Await() {}

    /// Asks again and again until the answer is yes.
    ///
    /// @param what the sentence that is then true
    static void until(String what, Callable<Boolean> question) throws Exception {
        long deadline = System.nanoTime() + SECONDS.toNanos(PATIENCE_SECONDS);
        while (!question.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Waited in vain for this: " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
