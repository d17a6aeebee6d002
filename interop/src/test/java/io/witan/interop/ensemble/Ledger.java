package io.witan.interop.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.interop.disk.Tree;

import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooKeeper;

import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// The writes that were acknowledged: each must be in every tree afterwards.
final class Ledger {

    private final Map<String, String> acknowledged = new TreeMap<>();
    private int count;

    /// A new znode with content of its own.
    void write(ZooKeeper client) throws Exception {
        String path = "/write-%05d".formatted(++count);
        Insistence.create(client, path, path.getBytes(UTF_8), CreateMode.PERSISTENT);
        acknowledged.put(path, path);
    }

    void write(ZooKeeper client, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            write(client);
        }
    }

    void acknowledged(String path, String data) {
        acknowledged.put(path, data);
    }

    void assertHeldBy(Tree tree) {
        var found = new TreeMap<String, String>();
        for (String line : tree.lines()) {
            found.put(line.substring(0, line.indexOf(" data=")), line);
        }
        acknowledged.forEach((path, data) ->
                assertThat(found.get(path))
                        .as("acknowledged write of " + path)
                        .isNotNull()
                        .contains(" data=" + HexFormat.of().formatHex(data.getBytes(UTF_8)) + " "));
    }
}
