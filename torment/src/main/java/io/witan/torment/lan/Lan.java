package io.witan.torment.lan;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.SortedSet;

/// The network of a round: where servers are, and what does not get through.
public sealed interface Lan extends AutoCloseable permits NamespaceLan, LoopbackLan {

    /// The machine of the clients.
    long CLIENTS = 0;

    /// Where clients reach a server.
    InetSocketAddress clientAddress(long sid);

    /// What its line in the configuration says: `host:quorum port:election port`.
    String memberAddress(long sid);

    /// The command, to be run on the machine of that server.
    List<String> on(long sid, List<String> command);

    /// Whether links can be cut and slowed down here. If not, the two methods below must not be
    /// called.
    boolean breaks();

    /// From now on exactly these directions let nothing through, without a word to anybody.
    void block(SortedSet<Direction> blocked);

    /// From now on the link of the server is as slow as that; [Slowness#NONE] ends it.
    void slow(long sid, Slowness slowness);

    @Override
    void close();
}
