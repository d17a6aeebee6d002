package io.witan.simulation.check;

import io.witan.simulation.check.model.Model;
import io.witan.simulation.check.model.ModelNode;
import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.wire.client.CreateFlags;
import io.witan.wire.client.ErrorCode;
import io.witan.wire.client.Reply;
import io.witan.wire.client.Request;
import io.witan.zab.Zxids;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// S2: numbers of sequential znodes rise in the order of the history and never come twice while
/// their parent lives.
final class SequenceChecker implements Checker {

    private static final int DIGITS = 10;

    private final Model model;

    /// The numbers that clients were told, by parent and its birth, each with its zxid.
    private final TreeMap<String, TreeMap<Long, Long>> numbers = new TreeMap<>();

    SequenceChecker(Model model) {
        this.model = model;
    }

    @Override
    public String invariant() {
        return "S2";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        if (event instanceof TraceEvent.Replied e && e.err() == ErrorCode.OK) {
            Model.Asked asked = model.asked(e.sessionId(), e.xid());
            if (asked != null
                    && asked.request() instanceof Request.Create create
                    && CreateFlags.isSequential(create.body().flags())) {
                String made = madePath(e.reply());
                if (made != null) {
                    made(made, e.zxid(), verdict);
                }
            }
        }
    }

    private static @Nullable String madePath(@Nullable Reply reply) {
        return switch (reply) {
            case Reply.OfPath r when r.path() != null -> text(r.path());
            case Reply.PathAndStat r when r.path() != null -> text(r.path());
            case null, default -> null;
        };
    }

    private void made(String path, long zxid, Verdict verdict) {
        String parentPath = path.substring(0, path.lastIndexOf('/'));
        ModelNode parent = model.tree().nodeAt(parentPath, zxid);
        long birth = parent == null ? 0 : parent.czxid();
        long number = Long.parseLong(path.substring(path.length() - DIGITS));
        TreeMap<Long, Long> given =
                numbers.computeIfAbsent(parentPath + "@" + birth, _ -> new TreeMap<>());
        Long before = given.put(number, zxid);
        if (before != null) {
            verdict.violated("S2", path + " is given twice");
        }
        Map.Entry<Long, Long> lower = given.lowerEntry(number);
        Map.Entry<Long, Long> higher = given.higherEntry(number);
        // Two of one multi have the same zxid.
        boolean early = lower != null && lower.getValue() > zxid;
        boolean late = higher != null && higher.getValue() <= zxid;
        if (early || late) {
            verdict.violated("S2", path + " at " + Zxids.hex(zxid) + " is out of order: " + given);
        }
    }

    private static String text(byte @Nullable [] path) {
        return path == null ? "" : new String(path, StandardCharsets.UTF_8);
    }
}
