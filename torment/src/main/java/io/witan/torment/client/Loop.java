package io.witan.torment.client;

import io.witan.simulation.net.Dialler;
import io.witan.simulation.net.StreamHandler;
import io.witan.simulation.world.Clock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/// The one thread in which all clients live: real time and real sockets, behind the same two
/// interfaces as in the simulation.
///
/// One thread, so that the trace has one order, and that order is true: a request is recorded
/// before its bytes leave, an answer after its bytes have come. If the thread is late, answers look
/// later than they were, never earlier.
public final class Loop implements Clock, Dialler, AutoCloseable {

    private static final long NANOS_PER_MICRO = 1000;

    /// The system itself would wait for minutes.
    private static final long CONNECT_MICROS_MAX = 5_000_000;

    /// How long a wait may last before it is asked again whether to go on.
    private static final long SELECT_MILLIS_MAX = 20;

    /// Told when the loop was kept from its work for so long that what came meanwhile says nothing
    /// about servers: a machine that was suspended, processes that were stopped.
    public interface Standstill {

        /// In the loop, before anything that came meanwhile is looked at.
        void ended(long micros);
    }

    private record Due(long micros, long number, Runnable event) implements Comparable<Due> {

        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(micros, other.micros);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final long startNanos = System.nanoTime();
    private final Selector selector;
    private final LongFunction<InetSocketAddress> addresses;
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final Queue<Runnable> handedIn = new ConcurrentLinkedQueue<>();
    private final long standstillMicrosMin;
    private final Standstill standstill;
    private long scheduledCount;
    private long lastTurnMicros;

    /// @param addresses of servers, by sid
    /// @param standstillMicrosMin no turn of the loop takes so long by itself
    public Loop(
            LongFunction<InetSocketAddress> addresses,
            long standstillMicrosMin,
            Standstill standstill) {
        this.addresses = addresses;
        this.standstillMicrosMin = standstillMicrosMin;
        this.standstill = standstill;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Any thread may ask.
    @Override
    public long nowMicros() {
        return (System.nanoTime() - startNanos) / NANOS_PER_MICRO;
    }

    @Override
    public void after(long micros, Runnable event) {
        long delay = Math.clamp(micros, 0, Long.MAX_VALUE / 4);
        queue.add(new Due(nowMicros() + delay, scheduledCount++, event));
    }

    /// Runs `event` in the loop; any thread may ask for it.
    public void handIn(Runnable event) {
        handedIn.add(event);
        selector.wakeup();
    }

    @Override
    public void dial(int clientNumber, long serverSid, StreamHandler handler) {
        try {
            SocketChannel channel = SocketChannel.open();
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            SocketStream stream = new SocketStream(channel, key, handler);
            key.attach(stream);
            after(CONNECT_MICROS_MAX, stream::giveUpConnecting);
            if (channel.connect(addresses.apply(serverSid))) {
                after(0, stream::connected);
            }
        } catch (IOException e) {
            after(0, () -> handler.closed("not connected: " + e.getMessage()));
        }
    }

    /// Lives until somebody says that it is over.
    public void runUntil(BooleanSupplier isOver) {
        lastTurnMicros = nowMicros();
        while (!isOver.getAsBoolean()) {
            select();
            turn();
            runHandedIn();
            long now = nowMicros();
            while (!queue.isEmpty() && queue.peek().micros() <= now) {
                turn();
                queue.remove().event().run();
            }
        }
    }

    private void turn() {
        long now = nowMicros();
        long passed = now - lastTurnMicros;
        lastTurnMicros = now;
        if (passed >= standstillMicrosMin) {
            standstill.ended(passed);
        }
    }

    /// What was handed in is not lost when the loop has ended.
    public void runHandedIn() {
        for (Runnable event = handedIn.poll(); event != null; event = handedIn.poll()) {
            event.run();
        }
    }

    private void select() {
        Due next = queue.peek();
        long waitMicros = next == null ? SELECT_MILLIS_MAX * 1000 : next.micros() - nowMicros();
        long millis = Math.clamp((waitMicros + 999) / 1000, 0, SELECT_MILLIS_MAX);
        try {
            if (millis == 0) {
                selector.selectNow(this::ready);
            } else {
                selector.select(this::ready, millis);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ready(SelectionKey key) {
        turn();
        if (key.attachment() instanceof SocketStream stream) {
            stream.ready();
        }
    }

    /// Cuts all connections; nobody is told.
    @Override
    public void close() {
        if (!selector.isOpen()) {
            return;
        }
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
