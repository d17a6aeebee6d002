/// Records and codecs: client, election and quorum protocol, configurations, transactions, log and
/// snapshot files.
module io.witan.wire {
    requires static org.jspecify;

    exports io.witan.wire.jute;
    exports io.witan.wire.data;
    exports io.witan.wire.client;
    exports io.witan.wire.config;
    exports io.witan.wire.election;
    exports io.witan.wire.quorum;
    exports io.witan.wire.txn;
    exports io.witan.wire.file;
}
