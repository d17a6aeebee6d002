package io.witan.storage;

/// A thread that can wait: what it does for a second must not keep those from a processor that
/// clients wait for, where processors are few.
public final class BackgroundThread {

    private static final int NICE = 10;

    private BackgroundThread() {}

    /// The calling thread is one, from now on, where the system can tell them apart (Linux); a
    /// thread that was once is for good.
    public static void begin() {
        CLibrary library = CLibrary.ofThisSystem();
        if (library != null) {
            library.setNiceOfThisThread(NICE);
        }
    }
}
