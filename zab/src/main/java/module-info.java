/// Agreement between the servers of an ensemble.
module io.witan.zab {
    requires transitive io.witan.wire;
    requires static org.jspecify;

    exports io.witan.zab;
    exports io.witan.zab.config;
    exports io.witan.zab.election;
    exports io.witan.zab.peer;
    exports io.witan.zab.quorum;
}
