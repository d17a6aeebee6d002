package io.witan.wire.config;

/// One address of a server, with the ports that the other servers use.
///
/// @param host a name or an address, an IPv6 address without its square brackets
/// @param quorumPort where learners find the leader
/// @param electionPort where elections are held
public record Address(String host, int quorumPort, int electionPort) {

    public HostPort quorum() {
        return new HostPort(host, quorumPort);
    }

    public HostPort election() {
        return new HostPort(host, electionPort);
    }

    /// As it is written in configurations.
    @Override
    public String toString() {
        return Syntax.bracketed(host) + ":" + quorumPort + ":" + electionPort;
    }
}
