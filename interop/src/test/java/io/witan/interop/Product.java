package io.witan.interop;

import java.util.List;

/// The two servers under test: what is started, and with which flags besides those of the test.
public enum Product {
    APACHE("Apache ZooKeeper 3.9.4", "org.apache.zookeeper.server.quorum.QuorumPeerMain"),
    WITAN("Witan", "io.witan.server.ServerMain");

    private final String title;
    private final String mainClass;

    Product(String title, String mainClass) {
        this.title = title;
        this.mainClass = mainClass;
    }

    String mainClass() {
        return mainClass;
    }

    List<String> jvmFlags() {
        return switch (this) {
            case APACHE -> List.of("-Dzookeeper.admin.enableServer=false");
            // Its few lines tell what it did; Apache's are held down by simplelogger.properties.
            case WITAN ->
                    List.of(
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
                            "--enable-native-access=ALL-UNNAMED");
        };
    }

    @Override
    public String toString() {
        return title;
    }
}
