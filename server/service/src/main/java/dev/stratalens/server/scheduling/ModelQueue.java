package dev.stratalens.server.scheduling;

import dev.stratalens.engine.error.LensCancelledException;
import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensTask;
import dev.stratalens.server.error.QueueFullException;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.models.Lease;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.server.threads.Guard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The requests of one model, first come, first served among those of a kind, several in one pass where they fit. Requests may come
 * before the model is loaded; they wait here and hear how far it is. Their texts are read on threads of their own, once the
 * model is there. Thread-safe; nothing of another class that could wait is called under the lock.
 */
final class ModelQueue implements ComputeThread.Worker {

    /** Within a pass, others may run that are this many times as short together. */
    private static final int SHORTER = 4;

    /** Texts that are read at a time: a long one does not hold up the next. */
    private static final int READERS = 2;

    private final NamedModel served;
    private final String model;
    private final SchedulerLimits limits;
    private final ComputeThread compute;
    private final Executor reading;
    private final LongSupplier nanoTime;

    private final Guard guard = new Guard();
    // Guarded by it.
    private final List<QueuedRequest> waiting = new ArrayList<>();
    /** Of the pass, and of one within it. */
    private final List<QueuedRequest> inPass = new ArrayList<>();
    /** Those of the pass that have not ended. */
    private final List<QueuedRequest> running = new ArrayList<>();
    /** Whose text is read now. */
    private final Set<QueuedRequest> beingRead = new HashSet<>();

    private final Gathering gathering = new Gathering();
    private int readers;
    private boolean stopping;

    ModelQueue(
            NamedModel model, SchedulerLimits limits, ComputeThread compute, Executor reading, LongSupplier nanoTime) {
        this.served = model;
        this.model = model.name();
        this.limits = limits;
        this.compute = compute;
        this.reading = reading;
        this.nanoTime = nanoTime;
        model.observe(this::modelBecomes);
    }

    /** Takes a request in, or fails it. */
    void submit(QueuedRequest request) {
        request.enters(this);
        // One that failed a while ago is loaded again before the request would hear of that.
        served.request();
        Optional<Throwable> refusal = guard.get(() -> add(request));
        if (refusal.isPresent()) {
            end(request, refusal.get());
            return;
        }
        // Or it was unloaded before the request was among those that wait.
        served.request();
        read();
        report();
    }

    /** Fails a request that waits; one that runs looks for its cancellation itself. */
    void withdraw(QueuedRequest request) {
        withdraw(request, new LensCancelledException());
    }

    /** A request was held back, and is no more. */
    void mayGoOn() {
        guard.run(this::askForTurn);
    }

    /** Takes no more requests. */
    void refuseRequests() {
        guard.run(() -> stopping = true);
    }

    /** Ends the requests that wait or run with a reason. */
    void stopRequests(LensFailure reason) {
        List<QueuedRequest> requests =
                guard.get(() -> Stream.concat(waiting.stream(), inPass.stream()).toList());
        requests.forEach(request -> request.stop(reason));
    }

    /** Lets go of a request that has ended; called before its caller hears of it, who may come again at once. */
    void leave(QueuedRequest request) {
        if (guard.get(() -> running.remove(request))) {
            report();
        }
    }

    /** Waits until no request waits, no text is read and no pass runs; false if that takes longer than the limit. */
    boolean awaitIdle(Duration limit) throws InterruptedException {
        return guard.await(() -> inPass.isEmpty() && waiting.isEmpty() && readers == 0, limit);
    }

    /** Under the lock, as what it calls. */
    private Optional<Throwable> add(QueuedRequest request) {
        Optional<Throwable> refusal = refusal(request);
        if (refusal.isEmpty()) {
            waiting.add(place(request), request);
            gathering.requestCame(waiting.size() + running.size());
        }
        return refusal;
    }

    private Optional<Throwable> refusal(QueuedRequest request) {
        if (request.isCancelled()) {
            return Optional.of(new LensCancelledException());
        }
        if (stopping) {
            return Optional.of(new ServerStoppingException());
        }
        if (served.state() instanceof ServingState.Failed failed) {
            return Optional.of(failed.failure());
        }
        return request.whenFull() == WhenFull.REFUSE && isFull()
                ? Optional.of(new QueueFullException(model, limits.queueCapacity()))
                : Optional.empty();
    }

    /**
     * Last, but a request that could be refused waits for no more than one of those that could not before its turn, and one
     * between it and the next of its kind: a batch neither holds up single callers nor starves behind them.
     */
    private int place(QueuedRequest request) {
        if (request.whenFull() == WhenFull.WAIT) {
            return waiting.size();
        }
        int last = waiting.size() - 1;
        while (last >= 0 && waiting.get(last).whenFull() == WhenFull.WAIT) {
            last--;
        }
        return Math.min(last + 2, waiting.size());
    }

    private boolean isFull() {
        long counted = waiting.stream()
                .filter(other -> other.whenFull() == WhenFull.REFUSE)
                .count();
        return counted + (inPass.isEmpty() ? 0 : 1) > limits.queueCapacity();
    }

    private void withdraw(QueuedRequest request, Throwable failure) {
        if (guard.get(() -> waiting.remove(request))) {
            end(request, failure);
            report();
        }
    }

    /** First the failure, then the model: a request that has ended takes no lease any more. */
    private static void end(QueuedRequest request, Throwable failure) {
        request.failed(failure);
        request.release();
    }

    /** Told in order, but perhaps late: what counts is the state now. */
    private void modelBecomes(ServingState next) {
        if (next instanceof ServingState.Ready) {
            read();
        } else if (served.state() instanceof ServingState.Failed failed) {
            withdrawUnread(failed.failure());
        }
        report();
    }

    /** Has the texts read of those requests that wait for that. */
    private void read() {
        boolean needed = guard.get(() -> {
            boolean oneMore = readers < READERS && unread().isPresent();
            readers += oneMore ? 1 : 0;
            return oneMore;
        });
        if (!needed) {
            return;
        }
        try {
            reading.execute(this::readOn);
        } catch (Throwable refused) {
            // The server is stopping, or there is no memory for a thread: who waits must hear of it.
            stopReading();
            withdrawUnread(refused);
        }
    }

    private void withdrawUnread(Throwable failure) {
        unadmitted().forEach(request -> withdraw(request, failure));
    }

    private List<QueuedRequest> unadmitted() {
        return guard.get(
                () -> waiting.stream().filter(request -> !request.isAdmitted()).toList());
    }

    /** Reads one text after the other while the model is there. */
    private void readOn() {
        try {
            for (Optional<QueuedRequest> next = nextUnread(); next.isPresent(); next = nextUnread()) {
                admit(next.get());
            }
        } finally {
            stopReading();
        }
        // It may have become ready, or a request may have come, after this reader had looked for the last time.
        if (served.state() instanceof ServingState.Ready) {
            read();
        } else if (!unadmitted().isEmpty()) {
            served.request();
        }
    }

    private void stopReading() {
        guard.run(() -> readers--);
    }

    private Optional<QueuedRequest> nextUnread() {
        return guard.get(() -> {
            Optional<QueuedRequest> next = served.state() instanceof ServingState.Ready ? unread() : Optional.empty();
            next.ifPresent(beingRead::add);
            return next;
        });
    }

    /** Under the lock. */
    private Optional<QueuedRequest> unread() {
        return waiting.stream()
                .filter(request -> !request.isAdmitted() && !beingRead.contains(request))
                .findFirst();
    }

    /** Has the request hold the model if that is ready; else it waits on, and the model is asked for. */
    // Throwable: whatever goes wrong with a text reaches its caller and does not end the thread that reads.
    private void admit(QueuedRequest request) {
        Optional<Lease> lease = served.lease();
        boolean taken = false;
        try {
            taken = lease.isPresent() && request.admit(lease.get(), limits.maxRequestBytes());
        } catch (Throwable refusal) {
            withdraw(request, refusal);
        } finally {
            if (!taken) {
                lease.ifPresent(Lease::close);
            }
            guard.run(() -> {
                beingRead.remove(request);
                askForTurn();
            });
        }
        if (taken) {
            report();
        }
    }

    /** Tells the waiting requests what they wait for. */
    private void report() {
        ServingState now = served.state();
        List<Runnable> reports = guard.get(() -> {
            List<Runnable> made = new ArrayList<>();
            int ahead = running.size();
            for (QueuedRequest request : waiting) {
                made.add(reportOn(request, ahead++, now));
            }
            return made;
        });
        reports.forEach(Runnable::run);
    }

    /** Under the lock; what it gives is run without it. */
    private Runnable reportOn(QueuedRequest request, int ahead, ServingState now) {
        // A text that is read now may yet be refused, before anything is sent; one that waits for that is told.
        if (request.isAdmitted()
                || (now instanceof ServingState.Ready && readers == READERS && !beingRead.contains(request))) {
            return () -> request.reportAhead(ahead);
        }
        return now instanceof ServingState.Ready
                ? () -> {}
                : () -> request.reportLoading(
                        now instanceof ServingState.Loading loading ? loading : ServingState.Loading.begun());
    }

    /** Under the lock. */
    private void askForTurn() {
        if (!runnable().isEmpty()) {
            compute.ask(this);
        }
    }

    @Override
    public void takeTurn() {
        List<QueuedRequest> pass = guard.get(() -> {
            gather();
            List<QueuedRequest> next = begin(PassPlanner.next(runnable(), QueuedRequest::load, limits.pass()));
            if (!next.isEmpty()) {
                gathering.passBegins(waiting.size() + running.size(), nanoTime.getAsLong());
            }
            return next;
        });
        if (pass.isEmpty()) {
            // Whoever waits is admitted once the model is ready again, and asks then.
            return;
        }
        Load load = pass.stream().map(QueuedRequest::load).reduce(new Load(0, 0), Load::plus);
        Load room = new Load(
                Math.min(load.tokens() / SHORTER, limits.passTokens()), limits.maxRequestBytes() - load.bytes());
        Interlude meanwhile = () -> pass.forEach(QueuedRequest::othersCompute);
        compute(pass, new FairInterlude(nanoTime, () -> compute.lend(room, meanwhile)));
        guard.run(() -> {
            gathering.passEnds(nanoTime.getAsLong());
            askForTurn();
        });
    }

    @Override
    public boolean takeShortTurn(Load room, Interlude meanwhile) {
        List<QueuedRequest> pass = guard.get(() -> begin(PassPlanner.fitting(runnable(), QueuedRequest::load, room)));
        if (!pass.isEmpty()) {
            compute(pass, meanwhile);
        }
        return !pass.isEmpty();
    }

    /** Waits for callers who are about to come, unless a pass is full without them or others have work. Under the lock. */
    private void gather() {
        try {
            guard.awaitWhile(() -> stopping || isPassFull() || compute.isAskedByOthers(this)
                    ? 0
                    : gathering.nanosLeft(runnable().size(), nanoTime.getAsLong()));
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; if somebody does, there is nothing to wait for.
            Thread.currentThread().interrupt();
        }
    }

    private boolean isPassFull() {
        List<QueuedRequest> runnable = runnable();
        return PassPlanner.next(runnable, QueuedRequest::load, limits.pass()).size() < runnable.size();
    }

    /** Under the lock. */
    private List<QueuedRequest> runnable() {
        return waiting.stream().filter(QueuedRequest::isRunnable).toList();
    }

    /** Under the lock. */
    private List<QueuedRequest> begin(List<QueuedRequest> pass) {
        waiting.removeAll(pass);
        inPass.addAll(pass);
        running.addAll(pass);
        return pass;
    }

    // Throwable: an error must reach the callers and must not end the thread that serves the others.
    private void compute(List<QueuedRequest> pass, Interlude interlude) {
        try {
            report();
            LensEngine engine = pass.get(0).engine();
            List<LensTask> started = new ArrayList<>();
            pass.stream().filter(QueuedRequest::start).forEach(started::add);
            if (!started.isEmpty()) {
                engine.run(started, interlude);
            }
        } catch (Throwable fault) {
            pass.forEach(request -> request.failed(fault));
        } finally {
            end(pass);
        }
        report();
    }

    private void end(List<QueuedRequest> pass) {
        guard.run(() -> {
            inPass.removeAll(pass);
            running.removeAll(pass);
        });
        // Not before the pass has ended, whenever its requests have.
        pass.forEach(QueuedRequest::release);
    }
}
