/// Records and codecs: client protocol, transactions, log and snapshot files.
module io.witan.wire {
    requires static org.jspecify;

    exports io.witan.wire.jute;
    exports io.witan.wire.data;
    exports io.witan.wire.client;
    exports io.witan.wire.txn;
    exports io.witan.wire.file;
}
