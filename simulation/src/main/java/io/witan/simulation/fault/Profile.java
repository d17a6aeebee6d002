package io.witan.simulation.fault;

import static io.witan.simulation.fault.FaultKind.BLACKOUT;
import static io.witan.simulation.fault.FaultKind.BREAK;
import static io.witan.simulation.fault.FaultKind.CLOCK_DRIFT;
import static io.witan.simulation.fault.FaultKind.CLOCK_JUMP;
import static io.witan.simulation.fault.FaultKind.CLOG;
import static io.witan.simulation.fault.FaultKind.CRASH_AT_CALL;
import static io.witan.simulation.fault.FaultKind.DAMAGE;
import static io.witan.simulation.fault.FaultKind.DISK_FULL;
import static io.witan.simulation.fault.FaultKind.DISK_STALLS;
import static io.witan.simulation.fault.FaultKind.FLUSH_FAILS;
import static io.witan.simulation.fault.FaultKind.HALF_OPEN;
import static io.witan.simulation.fault.FaultKind.KILL;
import static io.witan.simulation.fault.FaultKind.LEADER_LOST;
import static io.witan.simulation.fault.FaultKind.NEW_DISK;
import static io.witan.simulation.fault.FaultKind.PARTITION;
import static io.witan.simulation.fault.FaultKind.PAUSE;
import static io.witan.simulation.fault.FaultKind.POWER_CUT;
import static io.witan.simulation.fault.FaultKind.ROLLING_RESTART;
import static io.witan.simulation.fault.FaultKind.SHORT_PAUSE;
import static io.witan.simulation.fault.FaultKind.SLOW_NETWORK;

import java.util.List;
import java.util.Locale;

/// What a run may be like; the seed draws which of it happens and how often.
public enum Profile {
    /// Nothing goes wrong.
    CALM(List.of(), 0, 0),
    /// Some things go wrong now and then, most of the time nothing.
    DEFAULT(
            List.of(
                    BREAK,
                    HALF_OPEN,
                    PARTITION,
                    CLOG,
                    SLOW_NETWORK,
                    KILL,
                    POWER_CUT,
                    CRASH_AT_CALL,
                    PAUSE,
                    CLOCK_DRIFT,
                    CLOCK_JUMP,
                    FLUSH_FAILS,
                    DISK_FULL,
                    DISK_STALLS,
                    ROLLING_RESTART,
                    BLACKOUT,
                    LEADER_LOST,
                    NEW_DISK),
            0.02,
            0.5),
    /// Everything goes wrong all the time.
    BRUTAL(
            List.of(
                    BREAK,
                    HALF_OPEN,
                    PARTITION,
                    CLOG,
                    SLOW_NETWORK,
                    KILL,
                    POWER_CUT,
                    CRASH_AT_CALL,
                    PAUSE,
                    CLOCK_DRIFT,
                    CLOCK_JUMP,
                    FLUSH_FAILS,
                    DISK_FULL,
                    DISK_STALLS,
                    ROLLING_RESTART,
                    BLACKOUT,
                    LEADER_LOST,
                    NEW_DISK,
                    DAMAGE),
            0.5,
            12),
    /// Disks are bad and machines lose power.
    DISK(
            List.of(
                    POWER_CUT,
                    CRASH_AT_CALL,
                    FLUSH_FAILS,
                    DISK_FULL,
                    DISK_STALLS,
                    DAMAGE,
                    NEW_DISK,
                    BLACKOUT,
                    LEADER_LOST),
            0.3,
            6),
    /// The network is bad.
    NETWORK(List.of(BREAK, HALF_OPEN, PARTITION, CLOG, SLOW_NETWORK, PAUSE, LEADER_LOST), 0.3, 10),
    /// The membership changes, and things go wrong.
    RECONFIG(
            List.of(BREAK, PARTITION, CLOG, KILL, POWER_CUT, CRASH_AT_CALL, PAUSE, LEADER_LOST),
            0.1,
            3),
    /// Servers stand still now and then, each for less than a second: no reason to look for another
    /// leader.
    PAUSES(List.of(SHORT_PAUSE), 5, 60);

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<FaultKind> kinds;

    private final double perMinuteMin;
    private final double perMinuteMax;

    Profile(List<FaultKind> kinds, double perMinuteMin, double perMinuteMax) {
        this.kinds = kinds;
        this.perMinuteMin = perMinuteMin;
        this.perMinuteMax = perMinuteMax;
    }

    /// What may go wrong in it.
    public List<FaultKind> kinds() {
        return kinds;
    }

    double perMinuteMin() {
        return perMinuteMin;
    }

    double perMinuteMax() {
        return perMinuteMax;
    }

    /// Whether network and disks are good.
    public boolean isCalm() {
        return this == CALM || this == PAUSES;
    }

    /// As the command line has it.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
