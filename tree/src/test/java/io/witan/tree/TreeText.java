package io.witan.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A whole tree as lines of text, as `testdata/vectors/disk/expected/*.loaded.jsonl` has it, but for
/// the ACL keys, which each server numbers for itself.
final class TreeText {

    private TreeText() {}

    /// First line: zxid, digest, number of znodes. Then sessions, then znodes by path.
    static List<String> of(ZnodeTree tree) {
        var lines = new ArrayList<String>();
        lines.add(
                "{\"lastProcessedZxid\":\"0x%x\",\"treeDigest\":\"%d\",\"nodeCount\":%d}"
                        .formatted(tree.lastZxid(), tree.digest(), tree.znodeCount()));
        lines.addAll(content(tree));
        return lines;
    }

    /// Sessions and znodes.
    static List<String> content(ZnodeTree tree) {
        var sessions = new ArrayList<String>();
        tree.sessions()
                .forEach(
                        (id, timeout) ->
                                sessions.add(
                                        "{\"session\":\"0x%x\",\"timeout\":%d}"
                                                .formatted(id, timeout)));
        sessions.sort(null);
        var znodes = new ArrayList<String>();
        var walk = new SubtreeWalk(tree.root());
        for (Znode znode = walk.next(); znode != null; znode = walk.next()) {
            znodes.add(line(tree, znode));
        }
        znodes.sort(null);
        sessions.addAll(znodes);
        return sessions;
    }

    /// The lines of a recorded file in the same order.
    static List<String> recorded(List<String> lines) {
        var sorted = new ArrayList<String>();
        sorted.add(lines.get(0));
        lines.stream()
                .skip(1)
                .map(line -> line.replaceFirst("\"aclRef\":-?\\d+,", ""))
                .sorted(
                        java.util.Comparator.comparing((String line) -> line.startsWith("{\"path"))
                                .thenComparing(line -> line))
                .forEach(sorted::add);
        return sorted;
    }

    private static String line(ZnodeTree tree, Znode z) {
        String acl =
                tree.acls().list(z.aclKey()).stream()
                        .map(
                                entry ->
                                        "{\"perms\":%d,\"scheme\":\"%s\",\"id\":\"%s\"}"
                                                .formatted(
                                                        entry.perms(),
                                                        entry.id().scheme(),
                                                        entry.id().id()))
                        .collect(Collectors.joining(",", "[", "]"));
        boolean hidden = new String(z.path(), UTF_8).startsWith("/zookeeper/");
        return ("{\"path\":\"%s\",\"data\":%s,\"acl\":%s,"
                        + "\"czxid\":\"0x%x\",\"mzxid\":\"0x%x\",\"ctime\":%d,\"mtime\":%d,"
                        + "\"version\":%d,\"cversion\":%d,\"aversion\":%d,"
                        + "\"ephemeralOwner\":\"0x%x\",\"pzxid\":\"0x%x\",\"client\":{"
                        + "\"cversion\":%d,\"ephemeralOwner\":\"0x%x\","
                        + "\"dataLength\":%d,\"numChildren\":%d},\"nodeDigest\":%s}")
                .formatted(
                        escaped(z.path()),
                        hex(z.data()),
                        acl,
                        z.czxid(),
                        z.mzxid(),
                        z.ctime(),
                        z.mtime(),
                        z.version(),
                        z.storedCversion(),
                        z.aversion(),
                        z.storedOwner(),
                        z.pzxid(),
                        z.cversion(),
                        z.ephemeralOwner(),
                        z.dataLength(),
                        z.childCount(),
                        hidden ? "null" : "\"" + (z.digest() & 0xFFFF_FFFFL) + "\"");
    }

    private static String hex(byte @Nullable [] data) {
        return data == null ? "null" : "\"" + HexFormat.of().formatHex(data) + "\"";
    }

    private static String escaped(byte[] path) {
        var text = new StringBuilder();
        for (char c : new String(path, UTF_8).toCharArray()) {
            text.append(c < 0x7F ? String.valueOf(c) : "\\u%04x".formatted((int) c));
        }
        return text.toString();
    }
}
