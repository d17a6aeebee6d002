package io.witan.simulation.fault;

import io.witan.simulation.net.Connection;
import io.witan.simulation.net.Network;
import io.witan.simulation.server.SimServer;
import io.witan.simulation.trace.Trace;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.world.Chance;
import io.witan.simulation.world.Clock;
import io.witan.zab.AgreementView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/// Makes the faults of a run happen, each kind at its own rate, until [#heal]. Servers that have
/// ended, by a fault or by themselves, are started again some time later.
public final class FaultDriver implements SimServer.Listener {

    private static final double MINUTE = 60_000_000;

    private final RunPlan plan;
    private final long faultsMax;
    private final List<SimServer> servers;
    private final Network network;
    private final Clock clock;
    private final Trace trace;
    private final Chance chance;
    private final Lasting lasting;
    private final NetworkFaults networkFaults;
    private final DiskTrouble diskTrouble;
    private final Map<FaultKind, Long> injected = new EnumMap<>(FaultKind.class);

    private long count;
    private boolean healed;

    public FaultDriver(
            RunPlan plan,
            long faultsMax,
            List<SimServer> servers,
            Network network,
            Clock clock,
            Trace trace,
            Chance chance) {
        this.plan = plan;
        this.faultsMax = faultsMax;
        this.servers = servers;
        this.network = network;
        this.clock = clock;
        this.trace = trace;
        this.chance = chance;
        this.lasting = new Lasting(clock, trace);
        this.networkFaults = new NetworkFaults(plan, servers, network, clock, chance, lasting);
        this.diskTrouble = new DiskTrouble(servers, chance, lasting);
    }

    /// How often each kind has happened.
    public Map<FaultKind, Long> injected() {
        return injected;
    }

    public void begin() {
        plan.perMinute().forEach(this::repeat);
    }

    private void repeat(FaultKind kind, double perMinute) {
        clock.after(
                chance.exponential(MINUTE / perMinute),
                () -> {
                    if (!healed && count < faultsMax) {
                        String detail = inject(kind);
                        if (detail != null) {
                            note(kind, detail);
                        }
                        repeat(kind, perMinute);
                    }
                });
    }

    private void note(FaultKind kind, String detail) {
        count++;
        injected.merge(kind, 1L, Long::sum);
        trace.record(new TraceEvent.FaultInjected(clock.nowMicros(), kind.name(), detail));
    }

    /// @return what has happened; null if it could not
    private @Nullable String inject(FaultKind kind) {
        return switch (kind) {
            case BREAK -> sever(false);
            case HALF_OPEN -> sever(true);
            case PARTITION -> networkFaults.partition();
            case CLOG -> networkFaults.clog();
            case SLOW_NETWORK -> networkFaults.slow();
            case KILL -> crash(pickUp(), false);
            case POWER_CUT -> crash(pickUp(), true);
            case CRASH_AT_CALL -> crashAtCall();
            case PAUSE -> pause(pickUp(), 60_000_000);
            case SHORT_PAUSE -> pause(pickUp(), 950_000);
            case CLOCK_DRIFT -> drift();
            case CLOCK_JUMP -> jump();
            case FLUSH_FAILS -> diskTrouble.failFlush();
            case DISK_FULL -> diskTrouble.fill();
            case DISK_STALLS -> diskTrouble.stall(plan.diskSpeed());
            case DAMAGE -> loseData(false);
            case NEW_DISK -> loseData(true);
            case ROLLING_RESTART -> rollingRestart();
            case BLACKOUT -> blackout();
            case LEADER_LOST -> loseLeader();
        };
    }

    // ---- servers

    private @Nullable SimServer pickUp() {
        List<SimServer> up = new ArrayList<>();
        for (SimServer server : servers) {
            if (server.isUp()) {
                up.add(server);
            }
        }
        return up.isEmpty() ? null : chance.pick(up);
    }

    private @Nullable String crash(@Nullable SimServer server, boolean powerCut) {
        if (server == null) {
            return null;
        }
        server.crash(powerCut);
        restartLater(server);
        return "server " + server.sid();
    }

    @Override
    public void ended(SimServer server) {
        if (!healed) {
            restartLater(server);
        } else {
            clock.after(chance.between(10_000L, 1_000_000L), server::start);
        }
    }

    private void restartLater(SimServer server) {
        lasting.endAfter(
                FaultKind.KILL,
                (long) chance.magnitude(10_000, 30_000_000),
                () -> startUnlessHealed(server));
    }

    private void startUnlessHealed(SimServer server) {
        if (!healed) {
            server.start();
        }
    }

    private @Nullable String crashAtCall() {
        SimServer server = pickUp();
        if (server == null) {
            return null;
        }
        long calls = (long) chance.magnitude(1, 500);
        server.crashAfterCalls(calls);
        return "server %d in %d calls".formatted(server.sid(), calls);
    }

    private @Nullable String pause(@Nullable SimServer server, double microsMax) {
        if (server == null || server.isStopped()) {
            return null;
        }
        server.stop();
        long micros = (long) chance.magnitude(50_000, microsMax);
        lasting.endAfter(FaultKind.PAUSE, micros, server::goOn);
        return "server %d for %d ms".formatted(server.sid(), micros / 1000);
    }

    private String drift() {
        SimServer server = chance.pick(servers);
        double rate = chance.magnitude(0.5, 2);
        server.clockRate(rate);
        long micros = (long) chance.magnitude(1_000_000, 120_000_000);
        lasting.endAfter(FaultKind.CLOCK_DRIFT, micros, () -> server.clockRate(1));
        return "server %d at %d %% for %d ms"
                .formatted(server.sid(), (int) (100 * rate), micros / 1000);
    }

    private String jump() {
        SimServer server = chance.pick(servers);
        long millis = chance.between(-3_600_000L, 3_600_000L);
        server.jumpWall(millis);
        return "server %d by %d ms".formatted(server.sid(), millis);
    }

    private @Nullable String loseData(boolean wholeDisk) {
        if (plan.voters() < 3 || plan.reconfigurations()) {
            return null;
        }
        for (SimServer server : servers) {
            if (server.lacksData()) {
                return null; // One at a time: the others have what it had.
            }
        }
        SimServer server = chance.pick(servers);
        server.crash(true);
        String what = wholeDisk ? "an empty disk" : diskTrouble.damage(server);
        if (wholeDisk) {
            server.replaceDisk();
        }
        restartLater(server);
        return what == null ? null : "server %d: %s".formatted(server.sid(), what);
    }

    private String rollingRestart() {
        long at = 0;
        for (SimServer server : servers) {
            at += (long) chance.magnitude(100_000, 10_000_000);
            boolean powerCut = chance.hit(0.3);
            clock.after(
                    at,
                    () -> {
                        if (!healed) {
                            crash(server, powerCut);
                        }
                    });
        }
        return "within %d ms".formatted(at / 1000);
    }

    private String blackout() {
        boolean powerCut = chance.hit(0.7);
        for (SimServer server : servers) {
            crash(server, powerCut);
        }
        return powerCut ? "power cut" : "kill";
    }

    private @Nullable String loseLeader() {
        for (SimServer server : servers) {
            AgreementView view = server.view();
            if (view != null && view.state() == AgreementView.State.LEADING) {
                return switch (chance.between(0, 4)) {
                    case 0 -> crash(server, true);
                    case 1 -> crash(server, false);
                    case 2 -> pause(server, 60_000_000);
                    default -> networkFaults.isolate(server);
                };
            }
        }
        return null;
    }

    private @Nullable String sever(boolean halfOpen) {
        List<Connection> up = network.connections();
        if (up.isEmpty()) {
            return null;
        }
        Connection connection = chance.pick(up);
        connection.sever(halfOpen);
        return connection.toString();
    }

    // ---- the end

    /// Faults are over for the servers of `core`: they run, hear each other, and their disks work.
    /// The others are gone for good.
    public void heal(SortedSet<Long> core) {
        healed = true;
        networkFaults.end();
        for (SimServer server : servers) {
            diskTrouble.end(server, plan.diskSpeed());
            server.crashAfterCalls(-1);
            server.clockRate(1);
            server.goOn();
            if (core.contains(server.sid())) {
                server.start();
            } else {
                server.crash(true);
            }
        }
    }
}
