package io.witan.interop.ensemble;

/// A line of the server list.
record Place(int sid, boolean observer, int quorumPort, int electionPort, int clientPort) {

    String line() {
        return "server." + sid + "=" + spec(observer ? "observer" : "participant");
    }

    String spec(String role) {
        return "127.0.0.1:%d:%d:%s;127.0.0.1:%d"
                .formatted(quorumPort, electionPort, role, clientPort);
    }
}
