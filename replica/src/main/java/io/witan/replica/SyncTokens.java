package io.witan.replica;

/// Numbers that are given once in the life of a server, so that no answer of an earlier serving
/// period is taken for one of this.
public final class SyncTokens {

    private long last;

    SyncTokens() {}

    long next() {
        return ++last;
    }
}
