package dev.stratalens.server.scheduling.compute;

import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.access.Principal;
import dev.stratalens.server.models.ComputeTurns;
import dev.stratalens.server.threads.Callback;
import dev.stratalens.server.threads.Guard;
import dev.stratalens.server.threads.SupervisedThread;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The owner of the cores and cards. One thread runs the passes of all models on the processor, one after the other, and whatever
 * times the machine. Two computations that share cores make each other many times slower, because their threads wait for
 * each other at barriers; and each thread that calls the native library would keep a team of threads of its own. Models on
 * cards have further threads: two passes on different cards run at the same time, two that share one take turns. Callers
 * take turns, however many models they use, and the workers of one get theirs in the order in which they ask; within a long
 * pass, the thread can be lent to short ones. It outlives whatever a turn throws. Thread-safe.
 */
public final class ComputeThread implements ComputeTurns, AutoCloseable {

    private final List<SupervisedThread> threads = new ArrayList<>();
    private final Guard guard = new Guard();
    // Guarded by it.
    private final Set<Worker> asking = new LinkedHashSet<>();
    private final Set<Device> busy = new HashSet<>();
    private long changes;
    private int loans;
    private boolean closed;
    /** Also the lock under which one thread at a time chooses. */
    private final TurnOrder<Optional<Principal>> turns = new TurnOrder<>();

    /** Has something to compute. Called on the computing thread only. */
    public interface Worker {

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

        /** The devices that it needs for itself; its host devices are the cores. Called under a lock. */
        default Set<Device> devices() {
            return Set.of(Device.CPU);
        }

        /** There will be no turn any more. Called on any thread. */
        default void closed() {}
    }

    private record Asking(Optional<Principal> caller, Worker worker) {}

    private record Claim(Worker worker, Set<Device> devices) {}

    private record Look(long changes, List<Worker> workers, boolean closed) {}

    /** For a machine whose models compute on the processor. */
    public ComputeThread() {
        this(0);
    }

    /** @param cards number of cards on which models may compute */
    public ComputeThread(int cards) {
        for (int i = 0; i <= cards; i++) {
            boolean ofCores = i == 0;
            String name = ofCores ? "stratalens-compute" : "stratalens-compute-" + i;
            threads.add(new SupervisedThread(name, () -> work(ofCores)));
        }
        threads.forEach(SupervisedThread::start);
    }

    /** The threads, that of the cores first. */
    public List<SupervisedThread> threads() {
        return List.copyOf(threads);
    }

    @Override
    public <T> T take(Supplier<T> work) {
        OneTurn<T> turn = new OneTurn<>(work);
        ask(turn);
        return turn.await(() -> withdraw(turn));
    }

    /** Gives a worker one turn later on; does nothing if it asks already. */
    public void ask(Worker worker) {
        boolean refused = guard.get(() -> {
            if (!closed) {
                asking.add(worker);
                changes++;
            }
            return closed;
        });
        if (refused) {
            worker.closed();
        }
    }

    /** Whether a worker that asked gets no turn now; false if it has got it, or never asked. */
    private boolean withdraw(Worker worker) {
        return guard.get(() -> {
            changes++;
            return asking.remove(worker);
        });
    }

    /** Whether any worker waits for its turn. */
    public boolean isAsked() {
        return guard.get(() -> !asking.isEmpty());
    }

    /** Whether another worker waits for its turn on the same devices. */
    public boolean isAskedByOthers(Worker worker) {
        return guard.get(() -> asking.stream()
                .anyMatch(other -> other != worker && !Collections.disjoint(other.devices(), worker.devices())));
    }

    /**
     * Lets one worker run short requests, within a pass, on its thread and devices; false if no worker has any. Another worker
     * is asked first each time, so that none has all the loans. Never throws.
     *
     * @param lender whose pass it is
     * @param meanwhile taken between the steps of those requests
     */
    public boolean lend(Worker lender, Load room, Interlude meanwhile) {
        try {
            List<Worker> workers = guard.get(() -> {
                var some = new ArrayList<>(asking);
                some.removeIf(worker -> !lender.devices().containsAll(worker.devices()));
                Collections.rotate(some, loans);
                return some;
            });
            boolean lent = workers.stream().anyMatch(worker -> worker.takeShortTurn(room, meanwhile));
            if (lent) {
                guard.run(() -> loans++);
            }
            return lent;
        } catch (Throwable fault) {
            Callback.log("a short turn", fault);
            return false;
        }
    }

    /** Ends the threads after the turns that are taken now. */
    @Override
    public void close() {
        List<Worker> left = guard.get(() -> {
            closed = true;
            changes++;
            List<Worker> all = List.copyOf(asking);
            asking.clear();
            return all;
        });
        left.forEach(Worker::closed);
    }

    private void work(boolean ofCores) {
        for (Optional<Claim> next = awaitNext(ofCores); next.isPresent(); next = awaitNext(ofCores)) {
            Claim claim = next.get();
            try {
                Callback.run("a turn of a computing thread", claim.worker()::takeTurn);
            } finally {
                guard.run(() -> {
                    busy.removeAll(claim.devices());
                    changes++;
                });
            }
        }
    }

    /** The worker whose turn it is, with its devices; empty once closed. */
    private Optional<Claim> awaitNext(boolean ofCores) {
        long seen = -1;
        while (true) {
            long last = seen;
            Look look = guard.get(() -> {
                guard.await(() -> closed || changes != last);
                return new Look(changes, List.copyOf(asking), closed);
            });
            if (look.closed()) {
                return Optional.empty();
            }
            seen = look.changes();
            Optional<Claim> claim = claim(look.workers(), ofCores);
            if (claim.isPresent()) {
                return claim;
            }
        }
    }

    /** The first in the order of turns whose devices are free, and wanted by none before it. */
    private Optional<Claim> claim(List<Worker> workers, boolean ofCores) {
        synchronized (turns) {
            Map<Optional<Principal>, List<Asking>> byCaller = byCaller(workers);
            Set<Device> taken = guard.get(() -> new HashSet<>(busy));
            for (Asking next : turns.order(byCaller)) {
                Set<Device> devices = next.worker().devices();
                boolean mine =
                        threads.size() == 1 || ofCores == devices.stream().anyMatch(Device::isHost);
                if (mine && Collections.disjoint(taken, devices)) {
                    if (isClaimed(next.worker(), devices)) {
                        turns.takesTurn(next.caller(), byCaller.keySet());
                        return Optional.of(new Claim(next.worker(), devices));
                    }
                } else {
                    taken.addAll(devices);
                }
            }
            return Optional.empty();
        }
    }

    private boolean isClaimed(Worker worker, Set<Device> devices) {
        return guard.get(() -> asking.remove(worker) && busy.addAll(devices));
    }

    private Map<Optional<Principal>, List<Asking>> byCaller(List<Worker> workers) {
        Map<Optional<Principal>, List<Asking>> byCaller = new HashMap<>();
        for (Worker worker : workers) {
            Optional<Caller> first = worker.first();
            Optional<Principal> caller = first.map(Caller::principal);
            turns.waits(
                    caller, first.map(known -> known.grant().quota().weight()).orElse(1));
            byCaller.computeIfAbsent(caller, unseen -> new ArrayList<>()).add(new Asking(caller, worker));
        }
        turns.onlyWait(byCaller.keySet());
        return byCaller;
    }
}
