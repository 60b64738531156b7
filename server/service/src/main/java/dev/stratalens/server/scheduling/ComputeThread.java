package dev.stratalens.server.scheduling;

import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.access.Principal;
import dev.stratalens.server.models.ComputeTurns;
import dev.stratalens.server.threads.Callback;
import dev.stratalens.server.threads.Guard;
import dev.stratalens.server.threads.SupervisedThread;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The one owner of the cores: a thread that runs the passes of all models, one after the other, and whatever times the
 * machine. Two computations that share cores make each other many times slower, because their threads wait for each other at
 * barriers; and each thread that calls the native library would keep a team of threads of its own. Callers take
 * turns, however many models they use, and the workers of one get theirs in the order in which they ask; within a long pass, the thread can be lent to short ones. It outlives whatever a turn
 * throws. Thread-safe.
 */
public final class ComputeThread implements ComputeTurns, AutoCloseable {

    private final SupervisedThread thread = new SupervisedThread("stratalens-compute", this::work);
    private final Guard guard = new Guard();
    // Guarded by it.
    private final Set<Worker> asking = new LinkedHashSet<>();
    private boolean closed;
    // Only of the thread.
    private final TurnOrder<Optional<Principal>> turns = new TurnOrder<>();
    private int loans;

    /** Has something to compute. Called on the computing thread only. */
    interface Worker {

        /** Computes, if there is work. A worker that has more asks for another turn. */
        void takeTurn();

        /**
         * Runs a pass of short requests that fit, within another one; false if there are none.
         *
         * @param meanwhile taken between its steps
         */
        boolean takeShortTurn(Load room, Interlude meanwhile);

        /** Whose request comes first; empty if the work is the server's own. Called without a lock. */
        default Optional<Caller> first() {
            return Optional.empty();
        }

        /** There will be no turn any more. Called on any thread. */
        default void closed() {}
    }

    private record Asking(Optional<Principal> caller, Worker worker) {}

    public ComputeThread() {
        thread.start();
    }

    /** The thread itself. */
    public SupervisedThread thread() {
        return thread;
    }

    @Override
    public <T> T take(Supplier<T> work) {
        OneTurn<T> turn = new OneTurn<>(work);
        ask(turn);
        return turn.await(() -> withdraw(turn));
    }

    /** Gives a worker one turn later on; does nothing if it asks already. */
    void ask(Worker worker) {
        boolean refused = guard.get(() -> {
            if (!closed) {
                asking.add(worker);
            }
            return closed;
        });
        if (refused) {
            worker.closed();
        }
    }

    /** Whether a worker that asked gets no turn now; false if it has got it, or never asked. */
    private boolean withdraw(Worker worker) {
        return guard.get(() -> asking.remove(worker));
    }

    /** Whether any worker waits for its turn. */
    boolean isAsked() {
        return guard.get(() -> !asking.isEmpty());
    }

    /** Whether another worker waits for its turn. */
    boolean isAskedByOthers(Worker worker) {
        return guard.get(() -> asking.size() > (asking.contains(worker) ? 1 : 0));
    }

    /**
     * Lets one worker run short requests, within a pass and on its thread; false if no worker has any. Another worker is asked
     * first each time, so that none has all the loans. Never throws.
     *
     * @param meanwhile taken between the steps of those requests
     */
    boolean lend(Load room, Interlude meanwhile) {
        try {
            List<Worker> workers = guard.get(() -> new ArrayList<>(asking));
            Collections.rotate(workers, loans);
            boolean lent = workers.stream().anyMatch(worker -> worker.takeShortTurn(room, meanwhile));
            loans += lent ? 1 : 0;
            return lent;
        } catch (Throwable fault) {
            Callback.log("a short turn", fault);
            return false;
        }
    }

    /** Ends the thread after the turn that is taken now. */
    @Override
    public void close() {
        List<Worker> left = guard.get(() -> {
            closed = true;
            List<Worker> all = List.copyOf(asking);
            asking.clear();
            return all;
        });
        left.forEach(Worker::closed);
    }

    private void work() {
        for (Optional<Worker> next = awaitNext(); next.isPresent(); next = awaitNext()) {
            Callback.run("a turn of the computing thread", next.get()::takeTurn);
        }
    }

    /** The worker whose turn it is; empty once closed. */
    private Optional<Worker> awaitNext() {
        while (true) {
            List<Worker> workers = guard.get(() -> {
                guard.await(() -> closed || !asking.isEmpty());
                return List.copyOf(asking);
            });
            if (workers.isEmpty()) {
                return Optional.empty();
            }
            Worker next = choose(workers);
            if (withdraw(next)) {
                return Optional.of(next);
            }
        }
    }

    private Worker choose(List<Worker> workers) {
        Map<Optional<Principal>, List<Asking>> byCaller = new HashMap<>();
        for (Worker worker : workers) {
            Optional<Caller> first = worker.first();
            Optional<Principal> caller = first.map(Caller::principal);
            turns.waits(
                    caller, first.map(known -> known.grant().quota().weight()).orElse(1));
            byCaller.computeIfAbsent(caller, unseen -> new ArrayList<>()).add(new Asking(caller, worker));
        }
        turns.onlyWait(byCaller.keySet());
        Asking next = turns.order(byCaller).get(0);
        turns.takesTurn(next.caller(), byCaller.keySet());
        return next.worker();
    }
}
