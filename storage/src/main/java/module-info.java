/// The transaction log, snapshots and recovery; see the package documentation of io.witan.storage.
module io.witan.storage {
    requires static org.jspecify;
    requires transitive io.witan.wire;

    exports io.witan.storage;
    exports io.witan.storage.testing;
}
