package io.witan.storage;

/// @param trustEmpty whether logs without any snapshot are replayed onto an empty state
///   (`zookeeper.snapshot.trust.empty`)
/// @param autocreate whether a server without any data may begin a new database by itself
///   (`zookeeper.db.autocreate`)
public record RecoverySettings(boolean trustEmpty, boolean autocreate) {

    public static final RecoverySettings DEFAULT = new RecoverySettings(false, true);
}
