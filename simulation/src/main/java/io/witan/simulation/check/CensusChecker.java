package io.witan.simulation.check;

import io.witan.simulation.check.model.Model;
import io.witan.simulation.check.model.ModelNode;
import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.simulation.trace.ZnodeImage;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/// X2, S1 and quotas: everything that a server holds at a zxid, against the model: data, ACLs,
/// every field of every stat, sessions, and the numbers that quotas keep.
final class CensusChecker implements Checker {

    private static final String CONFIG = "/zookeeper/config";
    private static final String QUOTA = "/zookeeper/quota";
    private static final String STATS = "/zookeeper_stats";

    private final Facts facts;
    private final Model model;

    CensusChecker(Facts facts, Model model) {
        this.facts = facts;
        this.model = model;
    }

    @Override
    public String invariant() {
        return "X2 S1 Q1";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        if (event instanceof TraceEvent.Census census
                && facts.history().passes(census.zxid())
                && census.zxid() <= Zxids.startOf(Zxids.epoch(model.tree().last()) + 1)) {
            ephemerals(census, verdict);
            znodes(census, verdict);
            sessions(census, verdict);
        }
    }

    /// An ephemeral has an owner that lives.
    private static void ephemerals(TraceEvent.Census census, Verdict verdict) {
        census.znodes()
                .forEach((path, image) -> {
                    long owner = image.stat().ephemeralOwner();
                    if (owner != 0 && !census.sessionTimeouts().containsKey(owner)) {
                        verdict.violated(
                                "S1",
                                path
                                        + " belongs to session 0x"
                                        + Long.toHexString(owner)
                                        + ", which does not live");
                    }
                });
    }

    private void znodes(TraceEvent.Census census, Verdict verdict) {
        SortedMap<String, ModelNode> expected = model.tree().allAt(census.zxid());
        SortedSet<String> paths = new TreeSet<>(expected.keySet());
        paths.addAll(census.znodes().keySet());
        paths.remove(CONFIG);
        for (String path : paths) {
            ZnodeImage image = census.znodes().get(path);
            ModelNode node = expected.get(path);
            String wrong = wrong(path, image, node, expected);
            if (wrong != null) {
                boolean isQuota = path.startsWith(QUOTA) && path.endsWith(STATS);
                verdict.violated(
                        isQuota ? "Q1" : "X2",
                        "at " + Zxids.hex(census.zxid()) + " " + path + ": " + wrong);
            }
        }
    }

    private static @Nullable String wrong(
            String path,
            @Nullable ZnodeImage image,
            @Nullable ModelNode node,
            SortedMap<String, ModelNode> all) {
        if (image == null) {
            return "missing";
        }
        if (node == null) {
            return "must not exist";
        }
        if (path.startsWith(QUOTA) && path.endsWith(STATS)) {
            String numbers = numbers(path, all);
            return Arrays.equals(image.data(), numbers.getBytes(StandardCharsets.UTF_8))
                    ? null
                    : "quota numbers are "
                            + (image.data() == null
                                    ? "null"
                                    : new String(image.data(), StandardCharsets.UTF_8))
                            + ", they must be "
                            + numbers;
        }
        if (!Arrays.equals(image.data(), node.data())) {
            return "other data";
        }
        if (!image.stat().equals(node.stat())) {
            return "stat is " + image.stat() + ", it must be " + node.stat();
        }
        return Objects.equals(image.acl(), node.acl())
                ? null
                : "ACL is " + image.acl() + ", it must be " + node.acl();
    }

    /// What the quota of `/p` must show: znodes of the subtree and the bytes in them.
    private static String numbers(String statsPath, SortedMap<String, ModelNode> all) {
        String root = statsPath.substring(QUOTA.length(), statsPath.length() - STATS.length());
        long count = 0;
        long bytes = 0;
        for (Map.Entry<String, ModelNode> entry : all.entrySet()) {
            if (entry.getKey().equals(root) || entry.getKey().startsWith(root + "/")) {
                count++;
                byte[] data = entry.getValue().data();
                bytes += data == null ? 0 : data.length;
            }
        }
        return "count=" + count + ",bytes=" + bytes;
    }

    private void sessions(TraceEvent.Census census, Verdict verdict) {
        SortedMap<Long, Integer> expected = model.tree().sessionsAt(census.zxid());
        if (!expected.equals(census.sessionTimeouts())) {
            verdict.violated(
                    "X2",
                    "sessions at "
                            + Zxids.hex(census.zxid())
                            + " are "
                            + census.sessionTimeouts()
                            + ", they must be "
                            + expected);
        }
    }
}
