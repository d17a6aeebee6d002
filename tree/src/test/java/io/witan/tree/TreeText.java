package io.witan.tree;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.witan.wire.data.Acl;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// A whole tree as lines of text, as `testdata/vectors/disk/expected/*.loaded.jsonl` has it, but
/// for the ACL keys, which each server numbers for itself.
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
                .forEach((id, timeout) ->
                        sessions.add(
                                "{\"session\":\"0x%x\",\"timeout\":%d}".formatted(id, timeout)));
        sessions.sort(null);
        var znodes = new ArrayList<String>();
        all(tree).forEach(znode -> znodes.add(line(tree, znode)));
        znodes.sort(null);
        sessions.addAll(znodes);
        return sessions;
    }

    /// All znodes, parents first.
    static List<Znode> all(ZnodeTree tree) {
        var all = new ArrayList<Znode>(List.of(tree.root()));
        for (int i = 0; i < all.size(); i++) {
            all.get(i).forEachChild(all::add);
        }
        return all;
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
        return line(
                new String(z.path(), UTF_8),
                z.data(),
                tree.acls().list(z.aclKey()),
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
                z.childCount(),
                z.digest());
    }

    static String line(
            String path,
            byte @Nullable [] data,
            List<Acl> acl,
            long czxid,
            long mzxid,
            long ctime,
            long mtime,
            int version,
            int storedCversion,
            int aversion,
            long storedOwner,
            long pzxid,
            int cversion,
            long owner,
            int childCount,
            int digest) {
        String list =
                acl.stream()
                        .map(entry ->
                                "{\"perms\":%d,\"scheme\":\"%s\",\"id\":\"%s\"}"
                                        .formatted(
                                                entry.perms(),
                                                entry.id().scheme(),
                                                entry.id().id()))
                        .collect(Collectors.joining(",", "[", "]"));
        return ("{\"path\":\"%s\",\"data\":%s,\"acl\":%s,"
                        + "\"czxid\":\"0x%x\",\"mzxid\":\"0x%x\",\"ctime\":%d,\"mtime\":%d,"
                        + "\"version\":%d,\"cversion\":%d,\"aversion\":%d,"
                        + "\"ephemeralOwner\":\"0x%x\",\"pzxid\":\"0x%x\",\"client\":{"
                        + "\"cversion\":%d,\"ephemeralOwner\":\"0x%x\","
                        + "\"dataLength\":%d,\"numChildren\":%d},\"nodeDigest\":%s}")
                .formatted(
                        escaped(path),
                        hex(data),
                        list,
                        czxid,
                        mzxid,
                        ctime,
                        mtime,
                        version,
                        storedCversion,
                        aversion,
                        storedOwner,
                        pzxid,
                        cversion,
                        owner,
                        data == null ? 0 : data.length,
                        childCount,
                        path.startsWith("/zookeeper/")
                                ? "null"
                                : "\"" + (digest & 0xFFFF_FFFFL) + "\"");
    }

    /// Fails with the first few lines that differ, and not with two whole trees.
    static void assertSame(List<String> actual, List<String> wanted) {
        if (!actual.equals(wanted)) {
            var surplus = new ArrayList<>(actual);
            surplus.removeAll(wanted);
            var missing = new ArrayList<>(wanted);
            missing.removeAll(actual);
            assertThat(surplus.stream().limit(3).toList())
                    .isEqualTo(missing.stream().limit(3).toList());
            assertThat(actual).hasSameSizeAs(wanted);
        }
    }

    /// Without the data of quota statistics: loading counts them anew, which mends what clients
    /// wrote into them or what a root within another root has taken from it.
    static List<String> withoutUsage(List<String> lines) {
        return lines.stream()
                .map(line ->
                        line.contains("/zookeeper_stats\"")
                                ? line.replaceFirst("\"data\":(null|\"[0-9a-f]*\")", "")
                                        .replaceFirst("\"dataLength\":\\d+", "")
                                : line)
                .toList();
    }

    private static String hex(byte @Nullable [] data) {
        return data == null ? "null" : "\"" + HexFormat.of().formatHex(data) + "\"";
    }

    private static String escaped(String path) {
        var text = new StringBuilder();
        path.chars().forEach(c -> text.append(c < 0x7F ? "" + (char) c : "\\u%04x".formatted(c)));
        return text.toString();
    }
}
