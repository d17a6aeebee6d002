package io.witan.simulation.server;

import io.witan.simulation.net.Host;
import io.witan.simulation.trace.Stamp;
import io.witan.simulation.trace.TraceEvent;
import io.witan.simulation.world.Chance;
import io.witan.storage.StorageException;
import io.witan.storage.testing.DiskFaults;
import io.witan.storage.testing.FakeDisk;
import io.witan.zab.Agreement;
import io.witan.zab.AgreementView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/// One machine with its disk and its clocks, on which a server runs, dies and runs again.
public final class SimServer {

    /// A crash in the middle of a storage job comes before one of so many disk operations.
    private static final int DISK_OPERATIONS_MAX = 12;

    private final ServerPlan plan;
    private final Surroundings around;
    private final UnaryOperator<Agreement> agreementMutation;
    private final HostMutation mutation;
    private final Listener listener;
    private final Chance chance;
    private final LocalClock clock;

    private FakeDisk disk;

    /// No server has come up on it yet: attempts that failed have promised nothing.
    private boolean diskIsNew = true;

    private DiskSpeed diskSpeed = DiskSpeed.CALM;
    private DiskFaults faults = DiskFaults.NONE;
    private int incarnation;
    private @Nullable RunningServer running;
    private boolean stopped;

    /// It has lost some of what it had, or may have, and no leader has given it back.
    private boolean lacksData;

    /// Hears that the server has ended by itself.
    public interface Listener {

        /// It crashed where it was told to, or its disk refused something.
        void ended(SimServer server);
    }

    public SimServer(
            ServerPlan plan,
            Surroundings around,
            UnaryOperator<Agreement> agreementMutation,
            HostMutation mutation,
            Listener listener) {
        this.plan = plan;
        this.around = around;
        this.agreementMutation = agreementMutation;
        this.mutation = mutation;
        this.listener = listener;
        this.chance = Chance.of(around.seed(), "machine " + plan.sid());
        this.clock = new LocalClock(around.scheduler());
        this.disk = newDisk();
        // Somebody has said that this server may begin with nothing. Of one that loses its disk
        // later nobody says so: it has no vote until it is synchronised.
        disk.put(RunningServer.DATA.resolve("initialize"), new byte[0]);
    }

    private FakeDisk newDisk() {
        FakeDisk fresh = new FakeDisk();
        Configuration.writeStatic(fresh, plan.initialConfig());
        return fresh;
    }

    public long sid() {
        return plan.sid();
    }

    public boolean isUp() {
        return running != null;
    }

    public boolean isStopped() {
        return stopped;
    }

    /// What it says of itself; null while it is down.
    public @Nullable AgreementView view() {
        RunningServer process = running;
        return process == null ? null : process.member().view();
    }

    /// Records all that its tree holds, if it is whole.
    public void takeCensus() {
        RunningServer process = running;
        if (process != null && !process.isTreePartial()) {
            trace(Census.of(stamp(), process.member()));
        }
    }

    /// The last transaction that its tree holds, if it is whole.
    public OptionalLong treeZxid() {
        RunningServer process = running;
        return process == null || process.isTreePartial()
                ? OptionalLong.empty()
                : OptionalLong.of(process.member().lastDeliveredZxid());
    }

    // ---- life

    public void start() {
        if (running != null) {
            return;
        }
        incarnation++;
        clock.startAt(chance.between(0L, 1L << 40));
        disk.faults(faults);
        try {
            RunningServer process =
                    new RunningServer(
                            this,
                            mutation.plan(plan),
                            around,
                            clock,
                            incarnation,
                            disk,
                            diskSpeed,
                            agreementMutation,
                            mutation);
            running = process;
            process.begin();
        } catch (CrashNow crash) {
            died("crash while starting", true);
            listener.ended(this);
        } catch (StorageException | IOException e) {
            trace(new TraceEvent.DiskFailed(stamp(), String.valueOf(e.getMessage())));
            died("no start: " + e.getMessage(), false);
            listener.ended(this);
        } catch (RuntimeException | AssertionError e) {
            broke(e);
        }
    }

    /// The server is gone, without a word.
    ///
    /// @param powerCut whether what was not flushed may be lost, and nobody is told
    public void crash(boolean powerCut) {
        RunningServer process = running;
        if (process == null) {
            return;
        }
        if (chance.hit(0.7)) {
            int left = chance.between(0, DISK_OPERATIONS_MAX);
            disk.faults(new CrashAfter(left));
            process.disk().performSomeOf();
        }
        died(powerCut ? "power cut" : "killed", powerCut);
    }

    private static final class CrashAfter implements DiskFaults {

        private int left;

        CrashAfter(int left) {
            this.left = left;
        }

        @Override
        public void before(Operation operation, java.nio.file.Path path) {
            if (left-- <= 0) {
                throw new CrashNow();
            }
        }
    }

    /// It dies by itself, before the one after so many of its calls to its ports.
    public void crashAfterCalls(long calls) {
        RunningServer process = running;
        if (process != null) {
            process.crashAfterCalls(calls);
        }
    }

    void crashedNow() {
        crash(chance.hit(0.5));
        listener.ended(this);
    }

    void diskFailed(String what) {
        if (running != null) {
            trace(new TraceEvent.DiskFailed(stamp(), what));
            died("the disk refused", false);
            listener.ended(this);
        }
    }

    /// A check of its own failed.
    void broke(Throwable cause) {
        StringBuilder what = new StringBuilder(cause.toString());
        StackTraceElement[] frames = cause.getStackTrace();
        for (int i = 0; i < Math.min(8, frames.length); i++) {
            what.append("\n      at ").append(frames[i]);
        }
        trace(new TraceEvent.Broke(stamp(), what.toString()));
        died("broke", false);
        listener.ended(this);
    }

    private void died(String reason, boolean powerCut) {
        RunningServer process = running;
        if (process != null) {
            process.die();
        }
        running = null;
        stopped = false;
        around.network().died(Host.server(plan.sid()), powerCut);
        if (powerCut) {
            if (chance.hit(0.5)) {
                disk.crashInOrder(chance.generator());
            } else {
                disk.crash(chance.generator());
            }
        } else {
            disk.restart();
        }
        trace(new TraceEvent.Crashed(stamp(), reason));
        lacksData |= mutation.whileDown(disk);
    }

    /// SIGSTOP, or a long pause of the garbage collector.
    public void stop() {
        RunningServer process = running;
        if (process != null) {
            stopped = true;
            process.stop();
        }
    }

    public void goOn() {
        RunningServer process = running;
        if (process != null && stopped) {
            stopped = false;
            process.goOn();
        }
    }

    // ---- clocks and disk

    public void clockRate(double rate) {
        clock.rate(rate);
    }

    public void jumpWall(long millis) {
        clock.jumpWall(millis);
    }

    public void diskSpeed(DiskSpeed speed) {
        diskSpeed = speed;
        RunningServer process = running;
        if (process != null) {
            process.disk().speed(speed);
        }
    }

    /// From now on, and after each restart.
    public void diskFaults(DiskFaults newFaults) {
        faults = newFaults;
        disk.faults(newFaults);
    }

    /// What can be done to the disk from outside.
    public FakeDisk disk() {
        return disk;
    }

    /// Whether some of what it had is gone, as far as is known.
    public boolean lacksData() {
        return lacksData;
    }

    public void mayLackData() {
        lacksData = true;
    }

    boolean diskIsNew() {
        return diskIsNew;
    }

    /// A server has come up on the disk.
    ///
    /// @param whole whether it may vote
    void dataIs(boolean whole) {
        diskIsNew = false;
        lacksData = !whole;
    }

    /// An empty disk in its place; the server is down.
    public void replaceDisk() {
        if (running != null) {
            throw new IllegalStateException("the server runs");
        }
        disk = newDisk();
        diskIsNew = true;
        lacksData = true;
    }

    private Stamp stamp() {
        return new Stamp(around.scheduler().nowMicros(), plan.sid(), incarnation);
    }

    private void trace(TraceEvent event) {
        around.trace().record(event);
    }
}
