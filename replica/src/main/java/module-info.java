/// One server's brain: turns client requests into transactions and answers them.
module io.witan.replica {
    requires transitive io.witan.tree;
    requires transitive io.witan.wire;
    requires transitive io.witan.zab;
    requires static org.jspecify;

    exports io.witan.replica;
    exports io.witan.replica.auth;
    exports io.witan.replica.member;
    exports io.witan.replica.metrics;
    exports io.witan.replica.session;
    exports io.witan.replica.write;
}
