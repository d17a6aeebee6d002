package io.witan.interop.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.witan.interop.Events;
import io.witan.interop.Lab;
import io.witan.interop.ServerProcess;

import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/// Everything a client can know of a server's tree, one line a znode: data, stat and access list.
public record Tree(List<String> lines) {

    /// The configuration line that makes `super:admin` the superuser, who may read everything.
    public static final String SUPERUSER =
            "DigestAuthenticationProvider.superDigest=super:xQJmxLMiHGwaqBvst5y6rkB6HQs=";

    public static Tree of(ServerProcess server) throws Exception {
        try (ZooKeeper client = Lab.connected(server.connectString(), new Events())) {
            client.addAuthInfo("digest", "super:admin".getBytes(StandardCharsets.UTF_8));
            return of(client);
        }
    }

    public static Tree of(ZooKeeper client) throws KeeperException, InterruptedException {
        var znodes = new TreeMap<String, String>();
        List<String> paths = new ArrayList<>(List.of("/"));
        while (!paths.isEmpty()) {
            String path = paths.removeLast();
            var stat = new Stat();
            byte[] data = client.getData(path, false, stat);
            znodes.put(path, line(path, data, client.getACL(path, null), stat));
            for (String name : client.getChildren(path, false)) {
                paths.add(path.equals("/") ? "/" + name : path + "/" + name);
            }
        }
        return new Tree(List.copyOf(znodes.values()));
    }

    /// Reads a `*.loaded.jsonl`.
    static Tree expected(Path file) throws IOException {
        var znodes = new TreeMap<String, String>();
        for (String text : Files.readAllLines(file)) {
            JsonNode json = new ObjectMapper().readTree(text);
            if (!json.has("path")) {
                continue;
            }
            JsonNode seen = json.get("client");
            var stat =
                    new Stat(
                            hex(json.get("czxid")),
                            hex(json.get("mzxid")),
                            json.get("ctime").asLong(),
                            json.get("mtime").asLong(),
                            json.get("version").asInt(),
                            seen.get("cversion").asInt(),
                            json.get("aversion").asInt(),
                            hex(seen.get("ephemeralOwner")),
                            seen.get("dataLength").asInt(),
                            seen.get("numChildren").asInt(),
                            hex(json.get("pzxid")));
            List<ACL> acl = new ArrayList<>();
            for (JsonNode entry : json.get("acl")) {
                acl.add(
                        new ACL(
                                entry.get("perms").asInt(),
                                new Id(entry.get("scheme").asText(), entry.get("id").asText())));
            }
            String path = json.get("path").asText();
            byte @Nullable [] data =
                    json.get("data").isNull()
                            ? null
                            : HexFormat.of().parseHex(json.get("data").asText());
            znodes.put(path, line(path, data, acl, stat));
        }
        return new Tree(List.copyOf(znodes.values()));
    }

    private static String line(String path, byte @Nullable [] data, List<ACL> acl, Stat stat) {
        StringBuilder text = new StringBuilder(path);
        text.append(" data=").append(data == null ? "null" : HexFormat.of().formatHex(data));
        text.append(" acl=");
        for (ACL entry : acl) {
            text.append(entry.getPerms()).append(':').append(entry.getId().getScheme());
            text.append(':').append(entry.getId().getId()).append(' ');
        }
        text.append("czxid=").append(Long.toHexString(stat.getCzxid()));
        text.append(" mzxid=").append(Long.toHexString(stat.getMzxid()));
        text.append(" pzxid=").append(Long.toHexString(stat.getPzxid()));
        text.append(" ctime=").append(stat.getCtime()).append(" mtime=").append(stat.getMtime());
        text.append(" version=").append(stat.getVersion());
        text.append(" cversion=").append(stat.getCversion());
        text.append(" aversion=").append(stat.getAversion());
        text.append(" owner=").append(Long.toHexString(stat.getEphemeralOwner()));
        text.append(" length=").append(stat.getDataLength());
        text.append(" children=").append(stat.getNumChildren());
        return text.toString();
    }

    private static long hex(JsonNode value) {
        return Long.parseUnsignedLong(value.asText().substring(2), 16);
    }
}
