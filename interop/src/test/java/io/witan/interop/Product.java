package io.witan.interop;

import java.util.List;

/// The two servers under test: what is started, and with which flags besides those of the test.
public enum Product {
    APACHE(
            "Apache ZooKeeper 3.9.4",
            "org.apache.zookeeper.server.quorum.QuorumPeerMain",
            List.of("-Dzookeeper.admin.enableServer=false")),
    WITAN("Witan", "io.witan.server.ServerMain", List.of());

    private final String title;
    private final String mainClass;
    private final List<String> jvmFlags;

    Product(String title, String mainClass, List<String> jvmFlags) {
        this.title = title;
        this.mainClass = mainClass;
        this.jvmFlags = jvmFlags;
    }

    String mainClass() {
        return mainClass;
    }

    List<String> jvmFlags() {
        return jvmFlags;
    }

    /// Whether the server is on the class path at all.
    boolean isBuilt() {
        return Product.class.getResource("/" + mainClass.replace('.', '/') + ".class") != null;
    }

    @Override
    public String toString() {
        return title;
    }
}
