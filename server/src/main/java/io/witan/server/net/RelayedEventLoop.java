package io.witan.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// An event loop that may wait for the disk: if the disk does not answer soon, a second thread goes
/// on with the loop ([LoopTurn]). For everybody else it is one loop with one thread: at any time
/// one of the two runs it, and what one did happens before what the other does.
///
/// Each step handles what sockets have to say, waiting for them if there is nothing else to do;
/// then the tasks that are there by then, then what [#start] was given for the end of a step. What
/// that asked to wait for, by [#waitAfterStep], comes last, outside of the loop.
public final class RelayedEventLoop extends AbstractScheduledEventExecutor implements IoEventLoop {

    private enum State {
        RUNNING,
        SHUTTING_DOWN,
        TERMINATED
    }

    private final IoHandler handler;
    private final IoHandlerContext context = new Context();
    private final Consumer<Throwable> defect;
    private final LoopTurn turn;
    private final List<Thread> threads;
    private final Promise<Void> termination = new DefaultPromise<>(GlobalEventExecutor.INSTANCE);

    /// Tasks of any thread; guarded by itself.
    private final ArrayDeque<Runnable> given = new ArrayDeque<>();

    private volatile boolean hasGiven;
    private volatile State state = State.RUNNING;

    // Owned by the thread whose turn it is.
    private final ArrayDeque<Runnable> due = new ArrayDeque<>();
    private Runnable endOfStep = () -> {};
    private @Nullable Runnable waiting;

    /// @param name of its threads
    /// @param defect told of what is thrown by [#waitAfterStep]'s tasks or by the system
    public RelayedEventLoop(String name, IoHandlerFactory transport, Consumer<Throwable> defect) {
        this.defect = defect;
        this.handler = transport.newHandler(this);
        this.threads =
                List.of(
                        new FastThreadLocalThread(this::runFirst, name + "-1"),
                        new FastThreadLocalThread(this::runInTurns, name + "-2"));
        this.turn = new LoopTurn(threads.getFirst());
    }

    /// Begins to run.
    ///
    /// @param atEndOfStep done at the end of each step, on the loop
    public void start(Runnable atEndOfStep) {
        this.endOfStep = atEndOfStep;
        threads.forEach(Thread::start);
    }

    /// At the end of this step, waits for something that does not need the loop. On the loop; one
    /// for each step.
    void waitAfterStep(Runnable blocking) {
        if (waiting != null) {
            throw new IllegalStateException("this step ends with waiting for something already");
        }
        waiting = blocking;
    }

    // ---- its two threads

    private void runFirst() {
        handler.initialize();
        runInTurns();
    }

    private void runInTurns() {
        try {
            while (state != State.TERMINATED) {
                if (turn.isOf(Thread.currentThread())) {
                    runTurn();
                } else {
                    turn.standBy(() -> state == State.TERMINATED);
                }
            }
        } catch (RuntimeException | Error thrown) {
            defect.accept(thrown);
            end();
        }
    }

    /// Until the turn is lost, or all is over.
    private void runTurn() {
        do {
            step();
            if (!keepsTurn()) {
                return;
            }
        } while (state == State.RUNNING);
        if (state == State.SHUTTING_DOWN) {
            terminate();
        }
    }

    private void step() {
        handler.run(context);
        runTasks();
        endOfStep.run();
    }

    private boolean keepsTurn() {
        Runnable blocking = waiting;
        if (blocking == null) {
            return true;
        }
        waiting = null;
        turn.layDown();
        blocking.run();
        return turn.takeUp();
    }

    /// What is added meanwhile has its turn in the next step, after the sockets.
    private void runTasks() {
        takeGiven();
        for (Runnable task = due.poll(); task != null; task = due.poll()) {
            safeExecute(task);
        }
    }

    private void takeGiven() {
        if (hasGiven) {
            synchronized (given) {
                due.addAll(given);
                given.clear();
                hasGiven = false;
            }
        }
        fetchFromScheduledTaskQueue(due);
    }

    private void terminate() {
        cancelScheduledTasks();
        handler.prepareToDestroy();
        // Closing what is open leads to tasks, and these perhaps to others.
        do {
            runTasks();
        } while (hasGiven);
        handler.destroy();
        end();
        runTasks();
    }

    private void end() {
        synchronized (given) {
            state = State.TERMINATED;
        }
        termination.trySuccess(null);
        turn.wake();
    }

    private final class Context implements IoHandlerContext {

        @Override
        public boolean canBlock() {
            return !hasGiven && !hasScheduledTasks() && state == State.RUNNING;
        }

        @Override
        public long delayNanos(long now) {
            return RelayedEventLoop.this.delayNanos(now, 0);
        }

        @Override
        public long deadlineNanos() {
            return nextScheduledTaskDeadlineNanos();
        }
    }

    // ---- from any thread

    @Override
    public void execute(Runnable task) {
        synchronized (given) {
            if (state == State.TERMINATED) {
                throw new RejectedExecutionException("this loop has ended");
            }
            given.add(task);
            hasGiven = true;
        }
        wakeUp();
    }

    /// While the turn is laid down nobody sleeps in the loop, and whoever takes it up looks first.
    private void wakeUp() {
        if (!turn.isLaidDown()) {
            handler.wakeup();
        }
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return turn.isOf(thread);
    }

    @Override
    public Future<IoRegistration> register(IoHandle handle) {
        Promise<IoRegistration> promise = newPromise();
        if (inEventLoop()) {
            register(handle, promise);
        } else {
            execute(() -> register(handle, promise));
        }
        return promise;
    }

    private void register(IoHandle handle, Promise<IoRegistration> promise) {
        try {
            promise.setSuccess(handler.register(handle));
        } catch (Exception failed) {
            promise.setFailure(failed);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // by name only: bootstraps call it
    public ChannelFuture register(Channel channel) {
        return register(new DefaultChannelPromise(channel, this));
    }

    @Override
    @SuppressWarnings("deprecation")
    public ChannelFuture register(ChannelPromise promise) {
        promise.channel().unsafe().register(this, promise);
        return promise;
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        channel.unsafe().register(this, promise);
        return promise;
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return handler.isCompatible(handleType);
    }

    @Override
    public boolean isIoType(Class<? extends IoHandler> handlerType) {
        return handlerType.isInstance(handler);
    }

    @Override
    public IoEventLoop next() {
        return this;
    }

    @Override
    public IoEventLoopGroup parent() {
        return this;
    }

    // ---- the end

    /// Ends after the step in progress and what it asked to wait for, closing what is open. There
    /// is no quiet period.
    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        beginEnd();
        return termination;
    }

    private void beginEnd() {
        synchronized (given) {
            if (state == State.RUNNING) {
                state = State.SHUTTING_DOWN;
            }
        }
        wakeUp();
    }

    @Override
    @Deprecated
    public void shutdown() {
        beginEnd();
    }

    @Override
    public Future<?> terminationFuture() {
        return termination;
    }

    @Override
    public boolean isShuttingDown() {
        return state != State.RUNNING;
    }

    @Override
    public boolean isShutdown() {
        return state == State.TERMINATED;
    }

    @Override
    public boolean isTerminated() {
        return state == State.TERMINATED;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return termination.await(timeout, unit);
    }
}
