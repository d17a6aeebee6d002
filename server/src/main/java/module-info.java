/// The shell around the core: sockets, threads, timers, configuration, wiring.
module io.witan.server {
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires transitive io.witan.replica;
    requires transitive io.witan.storage;
    requires transitive io.witan.wire;
    requires transitive io.witan.tree;
    requires transitive io.witan.zab;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.witan.server;
    exports io.witan.server.config;
    exports io.witan.server.logging to
            org.slf4j;
}
