package io.witan.simulation.check;

import io.witan.simulation.trace.Checker;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.trace.Verdict;
import io.witan.zab.Zxids;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// D4 to D7 and P4: what a disk gives back, and what may be taken from it.
final class RecoveryChecker implements Checker {

    private final Facts facts;

    /// Up to where each server's log was durable, and what it held, from before the event at hand.
    private final SortedMap<Long, Disk> disks = new TreeMap<>();

    RecoveryChecker(Facts facts) {
        this.facts = facts;
    }

    private static final class Disk {
        private long durable;
        private long snapshot;
        private final SortedSet<Long> appended = new TreeSet<>();

        /// What a truncation or a replacement that is not done yet takes back.
        private final SortedSet<Long> going = new TreeSet<>();

        /// Taken back by a truncation and not appended again.
        private final SortedSet<Long> takenBack = new TreeSet<>();
    }

    @Override
    public String invariant() {
        return "D4 D5 D6 D7 P4";
    }

    @Override
    public void on(TraceEvent event, Verdict verdict) {
        switch (event) {
            case TraceEvent.Started e -> started(e, verdict);
            case TraceEvent.TreeLoaded e when e.fromDisk() -> {
                if (disk(e.sid()).takenBack.contains(e.zxid())) {
                    verdict.violated("D6", "a truncation is undone: " + Zxids.hex(e.zxid()));
                }
            }
            case TraceEvent.Appended e -> {
                disk(e.sid()).appended.add(e.zxid());
                disk(e.sid()).takenBack.remove(e.zxid());
            }
            case TraceEvent.Durable e -> {
                Disk disk = disk(e.sid());
                disk.durable = Math.max(disk.durable, e.zxid());
            }
            case TraceEvent.SnapshotStored e -> {
                Disk disk = disk(e.sid());
                disk.snapshot = Math.max(disk.snapshot, e.zxid());
                if (e.received()) {
                    disk.durable = Math.max(disk.durable, e.zxid());
                    disk.snapshot = e.zxid();
                    disk.going.clear();
                }
            }
            case TraceEvent.ReplacementAsked e -> {
                Disk disk = disk(e.sid());
                disk.going.addAll(disk.appended);
                disk.appended.clear();
                disk.appended.add(e.zxid());
                disk.durable = 0;
                disk.snapshot = 0;
            }
            case TraceEvent.TruncationAsked e -> truncates(e, verdict);
            case TraceEvent.Truncated e -> {
                Disk disk = disk(e.sid());
                disk.takenBack.addAll(disk.going);
                disk.going.clear();
            }
            default -> {
                // Not about the disk.
            }
        }
    }

    private Disk disk(long sid) {
        return disks.computeIfAbsent(sid, _ -> new Disk());
    }

    private void started(TraceEvent.Started e, Verdict verdict) {
        if (e.wasEmpty()) {
            disks.remove(e.sid());
            return;
        }
        Disk disk = disk(e.sid());
        if (disk.takenBack.contains(e.lastZxid()) || disk.takenBack.contains(e.treeZxid())) {
            verdict.violated(
                    "D6",
                    "a truncation is undone: the disk gives " + Zxids.hex(e.lastZxid()) + " again");
        } else if (!e.mayVote()) {
            verdict.reached("started with a damaged log");
        } else if (e.lastZxid() < disk.snapshot) {
            verdict.violated(
                    "D7",
                    "the disk gives only "
                            + Zxids.hex(e.lastZxid())
                            + ", a snapshot at "
                            + Zxids.hex(disk.snapshot)
                            + " was durable");
        } else if (e.lastZxid() < disk.durable) {
            verdict.violated(
                    "D4",
                    "the disk gives only "
                            + Zxids.hex(e.lastZxid())
                            + ", "
                            + Zxids.hex(disk.durable)
                            + " was durable");
        } else if (e.treeZxid() != e.lastZxid()
                || (e.lastZxid() != 0
                        && Zxids.counter(e.lastZxid()) != 0
                        && !disk.appended.contains(e.lastZxid())
                        && !disk.going.contains(e.lastZxid())
                        && e.lastZxid() != disk.snapshot)) {
            verdict.violated(
                    "D5",
                    "the disk gives "
                            + Zxids.hex(e.lastZxid())
                            + ", the tree "
                            + Zxids.hex(e.treeZxid())
                            + "; that was never written");
        }
        if (disk.going.contains(e.lastZxid())) {
            disk.appended.clear();
            disk.appended.addAll(disk.going);
        }
        disk.going.clear();
        disk.appended.tailSet(e.lastZxid() + 1).clear();
        disk.durable = e.lastZxid();
        disk.snapshot = Math.min(disk.snapshot, e.lastZxid());
    }

    private void truncates(TraceEvent.TruncationAsked e, Verdict verdict) {
        Disk disk = disk(e.sid());
        SortedSet<Long> gone = disk.appended.tailSet(e.zxid() + 1);
        for (long zxid : gone) {
            if (facts.history().find(zxid) != null) {
                verdict.violated(
                        "P4",
                        "a truncation to "
                                + Zxids.hex(e.zxid())
                                + " removes "
                                + Zxids.hex(zxid)
                                + ", which is committed");
            }
        }
        if (!gone.isEmpty()) {
            verdict.reached("truncation of uncommitted transactions");
        }
        disk.going.addAll(gone);
        gone.clear();
        disk.durable = Math.min(disk.durable, e.zxid());
        disk.snapshot = Math.min(disk.snapshot, e.zxid());
    }
}
