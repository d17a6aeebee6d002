package io.witan.simulation.server;

import io.witan.simulation.world.Chance;
import io.witan.simulation.world.Clock;
import io.witan.storage.EnsembleStore;
import io.witan.storage.StorageException;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The storage thread: one job after the other, first in, first out. Transactions that have queued
/// up are appended together and made durable once.
///
/// A job takes its time first and touches the files at the end; whoever crashes the server in
/// between can have any beginning of it touch them ([#performSomeOf]).
final class DiskQueue {

    /// As many transactions at most become durable at once.
    private static final int GROUP_MAX = 1000;

    /// What is to be done, and who hears that it is done.
    interface Job {

        void perform();

        void report();
    }

    /// One transaction.
    record Append(long zxid, byte[] txn) {}

    private record Entry(@Nullable Append append, @Nullable Job job) {}

    private final EnsembleStore store;
    private final Clock clock;
    private final Chance chance;
    private final Steps steps;
    private final Consumer<List<Append>> appended;
    private final Consumer<RuntimeException> failed;
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();

    private DiskSpeed speed;
    private @Nullable List<Entry> underWay;

    /// @param appended hears what has become durable
    /// @param failed hears that the disk has refused; nothing is done after that
    DiskQueue(
            EnsembleStore store,
            Clock clock,
            Chance chance,
            DiskSpeed speed,
            Steps steps,
            Consumer<List<Append>> appended,
            Consumer<RuntimeException> failed) {
        this.store = store;
        this.clock = clock;
        this.chance = chance;
        this.speed = speed;
        this.steps = steps;
        this.appended = appended;
        this.failed = failed;
    }

    void speed(DiskSpeed newSpeed) {
        speed = newSpeed;
    }

    void append(long zxid, byte[] txn) {
        add(new Entry(new Append(zxid, txn), null));
    }

    void add(Job job) {
        add(new Entry(null, job));
    }

    private void add(Entry entry) {
        waiting.addLast(entry);
        beginNext();
    }

    private void beginNext() {
        if (underWay != null || waiting.isEmpty()) {
            return;
        }
        List<Entry> group = new ArrayList<>();
        do {
            group.add(waiting.removeFirst());
        } while (group.getFirst().append != null
                && group.size() < GROUP_MAX
                && !waiting.isEmpty()
                && waiting.getFirst().append != null);
        underWay = group;
        clock.after(speed.draw(chance), () -> steps.step(() -> finish(group)));
    }

    private void finish(List<Entry> group) {
        try {
            perform(group);
        } catch (StorageException | UncheckedIOException e) {
            failed.accept(e);
            return;
        }
        underWay = null;
        Job job = group.getFirst().job;
        if (job == null) {
            List<Append> appends = new ArrayList<>(group.size());
            for (Entry entry : group) {
                if (entry.append != null) {
                    appends.add(entry.append);
                }
            }
            appended.accept(appends);
        } else {
            job.report();
        }
        beginNext();
    }

    private void perform(List<Entry> group) {
        Job job = group.getFirst().job;
        if (job != null) {
            job.perform();
            return;
        }
        for (Entry entry : group) {
            Append append = entry.append;
            if (append != null) {
                store.append(append.zxid(), append.txn());
            }
        }
        store.commit();
    }

    /// The server dies: the job that is under way has touched some of the files, up to the point
    /// where the disk throws [CrashNow].
    void performSomeOf() {
        List<Entry> group = underWay;
        if (group != null) {
            try {
                perform(group);
            } catch (CrashNow | StorageException | UncheckedIOException diesHere) {
                // As was wanted.
            }
        }
    }
}
