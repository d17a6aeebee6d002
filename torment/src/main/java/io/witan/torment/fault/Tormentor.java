package io.witan.torment.fault;

import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.torment.lan.Direction;
import io.witan.torment.lan.Lan;
import io.witan.torment.lan.Slowness;
import io.witan.torment.server.Ensemble;
import io.witan.torment.server.Leaders;
import io.witan.torment.server.Product;
import io.witan.torment.server.ServerProcess;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Makes the faults of a schedule, and looks after servers that end by themselves. A thread of its
/// own, the only one that touches processes and links while it runs.
public final class Tormentor implements AutoCloseable {

    private static final long LOOK_NANOS = 50_000_000;
    private static final long MICROS_PER_MILLI = 1000;

    /// After so long somebody who looks after servers would have started one again.
    private static final long START_AGAIN_MILLIS = 500;

    private record Step(long atMillis, int number, Runnable action) implements Comparable<Step> {

        @Override
        public int compareTo(Step other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : Integer.compare(number, other.number);
        }
    }

    private final Ensemble ensemble;
    private final Lan lan;
    private final Leaders leaders;
    private final LongSupplier nowMicros;
    private final Consumer<TraceEvent> recorder;
    private final long endMillis;
    private final long startMillis;
    private final Thread thread;

    private final PriorityQueue<Step> steps = new PriorityQueue<>();
    private int stepCount;

    /// Servers that are not left alone, by what is done to them.
    private final SortedMap<Long, FaultKind> afflicted = new TreeMap<>();

    /// Servers whose disk was full since their last start: they may end by themselves.
    private final SortedSet<Long> starved = new TreeSet<>();

    /// What every fault that lasts does not let through.
    private final SortedMap<Integer, SortedSet<Direction>> barriers = new TreeMap<>();

    private final SortedSet<Long> slowed = new TreeSet<>();
    private final Map<FaultKind, Integer> made = new EnumMap<>(FaultKind.class);
    private volatile String madeText = "";
    private volatile boolean isHealed;
    private volatile boolean isOver;
    private final AtomicInteger selfEndedCount = new AtomicInteger();

    /// What other threads have asked for, and how much of it is not done.
    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();

    private final AtomicInteger unsettledCount = new AtomicInteger();

    /// Begins at once.
    ///
    /// @param recorder of faults; called from this thread
    public Tormentor(
            List<Fault> schedule,
            long endMillis,
            Ensemble ensemble,
            Lan lan,
            Leaders leaders,
            LongSupplier nowMicros,
            Consumer<TraceEvent> recorder) {
        this.ensemble = ensemble;
        this.lan = lan;
        this.leaders = leaders;
        this.nowMicros = nowMicros;
        this.recorder = recorder;
        this.startMillis = nowMicros.getAsLong() / MICROS_PER_MILLI;
        this.endMillis = endMillis;
        for (Fault fault : schedule) {
            at(fault.atMillis(), () -> begin(fault));
        }
        this.thread = Thread.ofPlatform().name("tormentor").start(this::run);
    }

    private void at(long millis, Runnable action) {
        steps.add(new Step(millis, stepCount++, action));
    }

    private long nowMillis() {
        return nowMicros.getAsLong() / MICROS_PER_MILLI - startMillis;
    }

    private void run() {
        while (!isOver) {
            if (!isHealed && nowMillis() >= endMillis) {
                heal();
            }
            while (!steps.isEmpty() && steps.peek().atMillis() <= nowMillis()) {
                steps.remove().action().run();
            }
            for (Runnable next = requests.poll(); next != null; next = requests.poll()) {
                next.run();
                unsettledCount.decrementAndGet();
            }
            ensemble.servers().forEach(this::lookAfter);
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    // ---- what any thread may ask

    /// Whether all faults are over and all servers were started again.
    public boolean isHealed() {
        return isHealed;
    }

    /// How many of each kind: `KILL 2, FREEZE 1`.
    public String made() {
        return madeText;
    }

    /// How many servers ended by themselves, as they must when their disk refuses something.
    public int selfEndedCount() {
        return selfEndedCount.get();
    }

    // ---- a fault that stays

    /// Once healed: makes the server silent to all others, and leaves it so.
    ///
    /// @param kind one that lets nothing of it reach the others, nor anything of them reach it
    public void silence(long sid, FaultKind kind) {
        request(() -> {
            int number = -1; // None of the schedule.
            Fault fault = new Fault(number, 0, 0, kind, false, sid, sid, 0);
            if (kind == FaultKind.FREEZE) {
                ensemble.server(sid).freeze();
                afflicted.put(sid, kind);
            } else {
                barriers.put(number, Cuts.of(fault, sid, ensemble.servers()));
                applyBarriers();
            }
            record(kind.name(), "server " + sid + " (leader) until others are served");
        });
    }

    /// That is over.
    public void unsilence() {
        request(this::heal);
    }

    /// Whether all that was asked for is done.
    public boolean isSettled() {
        return unsettledCount.get() == 0;
    }

    private void request(Runnable action) {
        unsettledCount.incrementAndGet();
        requests.add(action);
    }

    // ---- faults

    private void begin(Fault fault) {
        if (isHealed) {
            return;
        }
        Long leader = leaders.leader();
        long sid = fault.aimsAtLeader() && leader != null ? leader : fault.sid();
        String what =
                switch (fault.kind().needs()) {
                    case PROCESS, DISK -> afflict(fault, sid);
                    case NETWORK ->
                            fault.kind() == FaultKind.SLOW ? slow(fault, sid) : cut(fault, sid);
                };
        if (what.isEmpty()) {
            return; // The server is not well already.
        }
        made.merge(fault.kind(), 1, Integer::sum);
        madeText = made.toString().replaceAll("[{}]", "").replace('=', ' ');
        String role = leader != null && leader == sid ? " (leader)" : "";
        record(fault.kind().name(), what + role + " for " + fault.forMillis() + " ms");
    }

    private void record(String kind, String detail) {
        recorder.accept(new TraceEvent.FaultInjected(nowMicros.getAsLong(), kind, detail));
    }

    private String afflict(Fault fault, long sid) {
        if (fault.kind() == FaultKind.KILL_ALL) {
            SortedSet<Long> killed = new TreeSet<>();
            for (ServerProcess server : ensemble.servers()) {
                if (afflictOne(fault, server, FaultKind.KILL)) {
                    killed.add(server.sid());
                }
            }
            return killed.isEmpty() ? "" : "servers " + killed;
        }
        return afflictOne(fault, ensemble.server(sid), fault.kind()) ? "server " + sid : "";
    }

    private boolean afflictOne(Fault fault, ServerProcess server, FaultKind kind) {
        if (!server.isAlive() || afflicted.putIfAbsent(server.sid(), kind) != null) {
            return false;
        }
        switch (kind) {
            case RESTART -> server.terminate();
            case FREEZE -> server.freeze();
            case DISK_FULL -> {
                starved.add(server.sid());
                server.fillDisk(fault.draw() % (64 << 10));
            }
            default -> server.kill();
        }
        at(nowMillis() + fault.forMillis(), () -> relieve(server));
        return true;
    }

    private void relieve(ServerProcess server) {
        FaultKind kind = afflicted.remove(server.sid());
        if (kind == null) {
            return; // Healed.
        }
        if (kind == FaultKind.FREEZE) {
            server.thaw();
        }
        if (kind == FaultKind.DISK_FULL) {
            server.freeDisk();
            if (!server.isAlive()) {
                selfEndedCount.incrementAndGet();
            }
        }
        record(kind + "_ENDS", "server " + server.sid());
        if (!server.isAlive()) {
            start(server);
        }
    }

    private void start(ServerProcess server) {
        starved.remove(server.sid());
        server.start();
    }

    private String slow(Fault fault, long sid) {
        if (!slowed.add(sid)) {
            return "";
        }
        Slowness slowness =
                new Slowness(
                        1 + fault.draw() % 200,
                        fault.draw() / 200 % 10,
                        64 << (fault.draw() / 2000 % 7));
        lan.slow(sid, slowness);
        at(nowMillis() + fault.forMillis(), () -> speedUp(sid));
        return "server " + sid + " " + slowness;
    }

    private void speedUp(long sid) {
        if (slowed.remove(sid)) {
            lan.slow(sid, Slowness.NONE);
            record("SLOW_ENDS", "server " + sid);
        }
    }

    private String cut(Fault fault, long sid) {
        SortedSet<Direction> ways = Cuts.of(fault, sid, ensemble.servers());
        if (ways.isEmpty()) {
            return "";
        }
        barriers.put(fault.number(), ways);
        applyBarriers();
        at(
                nowMillis() + fault.forMillis(),
                () -> {
                    if (barriers.remove(fault.number()) != null) {
                        applyBarriers();
                        record(fault.kind() + "_ENDS", "server " + sid);
                    }
                });
        return "server " + sid + " " + Cuts.text(ways);
    }

    private void applyBarriers() {
        NavigableSet<Direction> all = new TreeSet<>();
        barriers.values().forEach(all::addAll);
        lan.block(all);
    }

    // ---- servers that end by themselves

    private void lookAfter(ServerProcess server) {
        if (server.isAlive() || afflicted.containsKey(server.sid())) {
            return;
        }
        String words =
                "exit code %d in run %d:\n%s"
                        .formatted(server.exitCode(), server.runs(), server.lastWords());
        boolean mayEnd = starved.contains(server.sid()) || server.product() == Product.APACHE;
        long now = nowMicros.getAsLong();
        if (mayEnd) {
            selfEndedCount.incrementAndGet();
            recorder.accept(
                    new TraceEvent.DiskFailed(new Stamp(now, server.sid(), server.runs()), words));
        } else {
            recorder.accept(
                    new TraceEvent.Broke(new Stamp(now, server.sid(), server.runs()), words));
        }
        afflicted.put(server.sid(), FaultKind.KILL);
        at(nowMillis() + START_AGAIN_MILLIS, () -> relieve(server));
    }

    // ---- the end

    private void heal() {
        barriers.clear();
        if (lan.breaks()) {
            applyBarriers();
        }
        for (long sid : new TreeSet<>(slowed)) {
            speedUp(sid);
        }
        for (ServerProcess server : ensemble.servers()) {
            if (afflicted.containsKey(server.sid())) {
                relieve(server);
            } else if (!server.isAlive()) {
                start(server);
            }
        }
        steps.clear();
        isHealed = true;
    }

    /// Leaves servers and links alone from now on.
    @Override
    public void close() {
        isOver = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
