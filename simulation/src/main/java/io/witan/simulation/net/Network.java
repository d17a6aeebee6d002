package io.witan.simulation.net;

import io.witan.simulation.world.Chance;
import io.witan.simulation.world.Clock;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/// All machines, who listens where, and the connections between them.
public final class Network {

    /// A dial that nobody answers is repeated, as TCP repeats it.
    private static final long REDIAL_MICROS = 1_000_000;

    /// A delay beyond this is no ordinary one.
    private static final long TOLD_MICROS = 200_000;

    final Clock clock;
    final Chance chance;

    private final Map<Host, EnumMap<Port, Acceptor>> listeners = new TreeMap<>();
    private final TreeMap<Long, Connection> connections = new TreeMap<>();
    private final List<Barrier> barriers = new ArrayList<>();

    private Weather weather;
    private long lastConnection;
    private long segments;
    private LongConsumer lateness = _ -> {};

    public Network(Clock clock, Chance chance, Weather weather) {
        this.clock = clock;
        this.chance = chance;
        this.weather = weather;
    }

    public Weather weather() {
        return weather;
    }

    public void weather(Weather newWeather) {
        weather = newWeather;
    }

    // ---- hosts

    public void listen(Host host, Port port, Acceptor acceptor) {
        listeners.computeIfAbsent(host, _ -> new EnumMap<>(Port.class)).put(port, acceptor);
    }

    public void refuse(Host host, Port port) {
        EnumMap<Port, Acceptor> ports = listeners.get(host);
        if (ports != null) {
            ports.remove(port);
        }
    }

    /// Dials; the outcome is told to the handler.
    ///
    /// @return this end, which can be closed before the outcome is known
    public Connection.End dial(
            Host from, Host to, Port port, long timeoutMicros, StreamHandler handler) {
        Connection connection = new Connection(this, ++lastConnection, from, to, port, handler);
        connections.put(connection.number(), connection);
        arriveAfter(delay(0), connection);
        clock.after(timeoutMicros, () -> connection.dialler().giveUpDialling("timed out"));
        return connection.dialler();
    }

    private void arriveAfter(long micros, Connection connection) {
        clock.after(micros, () -> arrive(connection));
    }

    private void arrive(Connection connection) {
        Connection.End dialler = connection.dialler();
        if (!dialler.isConnecting()) {
            forget(connection);
            return;
        }
        boolean cutOff =
                isStopped(connection.from(), connection.to(), connection.port())
                        || isStopped(connection.to(), connection.from(), connection.port());
        EnumMap<Port, Acceptor> ports = listeners.get(connection.to());
        Acceptor acceptor = ports == null ? null : ports.get(connection.port());
        if (cutOff || (acceptor == null && chance.hit(weather.hangChance()))) {
            arriveAfter(REDIAL_MICROS + delay(0), connection);
        } else if (acceptor == null) {
            clock.after(delay(0), () -> dialler.giveUpDialling("connection refused"));
        } else {
            connection.accept(acceptor);
        }
    }

    /// The processes of a host are gone.
    ///
    /// @param powerCut whether the machine is gone with them: nobody is told
    public void died(Host host, boolean powerCut) {
        listeners.remove(host);
        for (Connection connection : new ArrayList<>(connections.values())) {
            connection.hostDied(host, powerCut);
        }
    }

    // ---- faults

    public void raise(Barrier barrier) {
        barriers.add(barrier);
    }

    /// What has waited comes through, some of it soon.
    public void lift(Barrier barrier) {
        barriers.remove(barrier);
        connections.values().forEach(Connection::resume);
    }

    public void liftAll() {
        barriers.clear();
        connections.values().forEach(Connection::resume);
    }

    /// The connections that are up, oldest first.
    public List<Connection> connections() {
        List<Connection> up = new ArrayList<>();
        for (Connection connection : connections.values()) {
            if (connection.isUp()) {
                up.add(connection);
            }
        }
        return up;
    }

    // ---- for connections

    boolean isStopped(Host from, Host to, Port port) {
        for (int i = 0; i < barriers.size(); i++) {
            if (barriers.get(i).stops(from, to, port)) {
                return true;
            }
        }
        return false;
    }

    long delay(int bytes) {
        segments++;
        long delay = weather.delayMicros(chance, bytes);
        if (delay > TOLD_MICROS) {
            lateness.accept(delay);
        }
        return delay;
    }

    /// Hears of delays that are long enough to be a fault.
    public void onLateness(LongConsumer listener) {
        lateness = listener;
    }

    void forget(Connection connection) {
        connections.remove(connection.number());
    }

    /// Segments sent so far.
    public long segments() {
        return segments;
    }

    @Nullable Connection connection(long number) {
        return connections.get(number);
    }
}
