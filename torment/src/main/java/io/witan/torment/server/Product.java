package io.witan.torment.server;

/// Whose server it is.
public enum Product {
    WITAN("io.witan.server.ServerMain"),
    APACHE("org.apache.zookeeper.server.quorum.QuorumPeerMain");

    private final String mainClass;

    Product(String mainClass) {
        this.mainClass = mainClass;
    }

    String mainClass() {
        return mainClass;
    }
}
