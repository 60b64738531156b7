package dev.stratalens.server.scheduling;

import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import dev.stratalens.server.scheduling.compute.FairInterlude;
import dev.stratalens.server.scheduling.compute.Load;
import dev.stratalens.server.threads.Guard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * The requests of one model, in fair order, several in one pass where they fit. Requests may come before the model is loaded; they
 * wait here, and are told how far loading is. Thread-safe; nothing of another class that could wait is called under the lock.
 */
final class ModelQueue implements ComputeThread.Worker, TextReaders.Owner {

    /** Within a pass, others may run that are this many times as short together. */
    private static final int SHORTER = 4;

    private final NamedModel served;
    private final String model;
    private final SchedulerLimits limits;
    private final ComputeThread compute;
    private final LongSupplier nanoTime;
    private final TextReaders texts;

    private final Guard guard = new Guard();
    // Guarded by it.
    private final ModelRequests requests;
    private final AnswerForecast answers;
    private final Gathering gathering = new Gathering();
    private boolean stopping;

    ModelQueue(
            NamedModel model, SchedulerLimits limits, ComputeThread compute, Executor reading, LongSupplier nanoTime) {
        this.served = model;
        this.model = model.name();
        this.limits = limits;
        this.requests = new ModelRequests(limits);
        this.answers = new AnswerForecast(model.name(), limits);
        this.compute = compute;
        this.nanoTime = nanoTime;
        this.texts = new TextReaders(model, limits.maxRequestBytes(), reading, this, guard, requests.waiting());
        model.observe(this::modelBecomes);
    }

    /** Takes a request in, or fails it. */
    void submit(QueuedRequest request) {
        request.enters(this, nanoTime.getAsLong());
        // One that failed a while ago is loaded again, so that the request does not get the old failure.
        served.request();
        Optional<Throwable> refusal = guard.get(() -> add(request));
        if (refusal.isPresent()) {
            end(request, refusal.get());
            return;
        }
        // Or it was unloaded before the request was among those that wait.
        served.request();
        texts.readHere(request);
        texts.read();
        report();
    }

    /** Fails a request that waits; one that runs looks for its cancellation itself. */
    void withdraw(QueuedRequest request) {
        refused(request, new LensCanceledException());
    }

    /** A request was held back, and is no more. */
    void mayGoOn() {
        guard.run(this::mayRun);
    }

    /** Takes no more requests. */
    void refuseRequests() {
        guard.run(() -> stopping = true);
    }

    /** Ends the requests that wait or run with a reason. */
    void stopRequests(LensFailure reason) {
        guard.get(requests::all).forEach(request -> request.stop(reason));
    }

    /** Lets go of a request that has ended; called before its caller is told, who may send the next one at once. */
    void leave(QueuedRequest request) {
        if (guard.get(() -> requests.leave(request))) {
            report();
        }
    }

    QueueState state() {
        return guard.get(requests::state);
    }

    /** Whether no request waits, no text is read and no pass runs. */
    boolean isIdle() {
        return guard.get(this::isIdleNow);
    }

    private boolean isIdleNow() {
        return requests.isEmpty() && texts.isIdle();
    }

    /** Waits until no request waits, no text is read and no pass runs; false if that takes longer than the limit. */
    boolean awaitIdle(Duration limit) throws InterruptedException {
        return guard.await(this::isIdleNow, limit);
    }

    /** Under the lock, as what it calls. */
    private Optional<Throwable> add(QueuedRequest request) {
        Optional<Throwable> refusal = refusal(request);
        if (refusal.isEmpty()) {
            requests.waiting().add(request);
            refusal = tooLate(request);
            if (refusal.isPresent()) {
                requests.waiting().remove(request);
            } else {
                gathering.requestCame(requests.count());
            }
        }
        return refusal;
    }

    /** Why a request is refused whose answer would come too late after those ahead of it. One that is alone may try. Under the lock. */
    private Optional<Throwable> tooLate(QueuedRequest request) {
        long now = nanoTime.getAsLong();
        if (request.nanosLeft(now).isEmpty()) {
            // Requests without a deadline need no order of the line here.
            return Optional.empty();
        }
        List<QueuedRequest> line = requests.waiting().all();
        int place = line.indexOf(request);
        return place < 0 || (place == 0 && !requests.isInPass())
                ? Optional.empty()
                : answers.tooLate(line.subList(0, place + 1), now);
    }

    private PassPlanner<QueuedRequest> planner() {
        long now = nanoTime.getAsLong();
        return new PassPlanner<>(
                QueuedRequest::load,
                request -> request.isAlone() ? request.load().work() : answers.mostWork(request, now));
    }

    /** Refuses those that would be answered too late if they ran now, so that the pass is of use. */
    private void refuseLate() {
        guard.get(() -> {
                    long now = nanoTime.getAsLong();
                    return answers.late(requests.waiting().runnable(), now).stream()
                            .map(request -> refuseLate(request, now))
                            .toList();
                })
                .forEach(Runnable::run);
    }

    /** Under the lock; what it gives is run without it. */
    private Runnable refuseLate(QueuedRequest request, long now) {
        Throwable reason = answers.tooLate(request, now);
        return () -> refused(request, reason);
    }

    private Optional<Throwable> refusal(QueuedRequest request) {
        if (request.isCancelled()) {
            return Optional.of(new LensCanceledException());
        }
        if (stopping) {
            return Optional.of(new ServerStoppingException());
        }
        if (served.state() instanceof ServingState.Failed failed) {
            return Optional.of(failed.failure());
        }
        return request.whenFull() == WhenFull.REFUSE ? requests.noRoom(model, request.caller()) : Optional.empty();
    }

    @Override
    public void refused(QueuedRequest request, Throwable reason) {
        if (guard.get(() -> requests.waiting().remove(request))) {
            end(request, reason);
            // It may have kept memory for which others wait.
            guard.run(this::mayRun);
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
            texts.read();
        } else if (served.state() instanceof ServingState.Failed failed) {
            texts.refuseUnread(failed.failure());
        }
        report();
    }

    /** Tells the waiting requests what they wait for. */
    private void report() {
        ServingState now = served.state();
        List<Runnable> reports = guard.get(() -> {
            List<Runnable> made = new ArrayList<>();
            int ahead = requests.running();
            for (QueuedRequest request : requests.waiting().all()) {
                made.add(reportOn(request, ahead++, now));
            }
            return made;
        });
        reports.forEach(Runnable::run);
    }

    /** Under the lock; what it gives is run without it. */
    private Runnable reportOn(QueuedRequest request, int ahead, ServingState now) {
        // A text that is read now may yet be refused, before anything is sent; one that waits for that is told.
        if (request.isPlanned() || (now instanceof ServingState.Ready && texts.isHeldUp(request))) {
            return () -> request.reportAhead(ahead);
        }
        return now instanceof ServingState.Ready
                ? () -> {}
                : () -> request.reportLoading(
                        now instanceof ServingState.Loading loading ? loading : ServingState.Loading.begun());
    }

    @Override
    public void mayRun() {
        if (!requests.runnable().isEmpty()) {
            compute.ask(this);
        }
    }

    @Override
    public void planned(QueuedRequest request) {
        guard.get(() -> tooLate(request)).ifPresentOrElse(reason -> refused(request, reason), this::report);
    }

    @Override
    public Optional<Caller> first() {
        return guard.get(() -> requests.runnable().stream().findFirst().map(QueuedRequest::caller));
    }

    @Override
    public Set<Device> devices() {
        Set<Device> devices = served.deviceBytes().keySet();
        return devices.isEmpty() ? Set.of(Device.CPU) : devices;
    }

    private Load passLimit() {
        return limits.pass((int) devices().stream().filter(Device::isCard).count());
    }

    @Override
    public void takeTurn() {
        refuseLate();
        List<QueuedRequest> pass = guard.get(() -> {
            gather();
            List<QueuedRequest> next = requests.begin(planner().next(requests.runnable(), passLimit()));
            if (!next.isEmpty()) {
                gathering.passBegins(requests.count(), nanoTime.getAsLong());
            }
            return next;
        });
        if (pass.isEmpty()) {
            // Requests that wait are planned once the model is ready again, and ask then.
            return;
        }
        Load load = pass.stream().map(QueuedRequest::load).reduce(Load.NOTHING, Load::plus);
        Load room = new Load(
                Math.min(load.tokens() / SHORTER, limits.passTokens()), limits.maxRequestBytes() - load.bytes());
        Interlude meanwhile = () -> pass.forEach(QueuedRequest::othersCompute);
        long began = nanoTime.getAsLong();
        guard.run(() -> answers.passBegins(load, began));
        long done = compute(pass, new FairInterlude(nanoTime, () -> compute.lend(this, room, meanwhile)));
        guard.run(() -> {
            long ended = nanoTime.getAsLong();
            answers.passEnded(load, pass.size(), done, ended - began, ended);
            gathering.passEnds(ended);
            mayRun();
        });
    }

    @Override
    public boolean takeShortTurn(Load room, Interlude meanwhile) {
        List<QueuedRequest> pass = guard.get(() -> requests.begin(planner().fitting(requests.runnable(), room)));
        if (!pass.isEmpty()) {
            var unused = compute(pass, meanwhile);
        }
        return !pass.isEmpty();
    }

    /** Waits for callers who are about to come, unless a pass is full without them or others have work. Under the lock. */
    private void gather() {
        try {
            guard.awaitWhile(() -> stopping || isPassFull() || compute.isAskedByOthers(this)
                    ? 0
                    : gathering.nanosLeft(requests.waiting().runnable().size(), nanoTime.getAsLong()));
        } catch (InterruptedException e) {
            // This thread is never interrupted; if it is all the same, there is nothing to wait for.
            Thread.currentThread().interrupt();
        }
    }

    private boolean isPassFull() {
        List<QueuedRequest> runnable = requests.runnable();
        return planner().next(runnable, passLimit()).size() < runnable.size();
    }

    /** Gives the work that was done. */
    // Throwable: an error must reach the callers and must not end the thread that serves the others.
    private long compute(List<QueuedRequest> pass, Interlude interlude) {
        long done = 0;
        try {
            report();
            LensEngine engine = pass.get(0).engine();
            List<WantedPlan> started = pass.stream()
                    .filter(QueuedRequest::start)
                    .map(QueuedRequest::wanted)
                    .toList();
            if (!started.isEmpty()) {
                engine.run(started, interlude);
            }
        } catch (Throwable fault) {
            pass.forEach(request -> request.failed(fault));
        } finally {
            done = pass.stream().mapToLong(QueuedRequest::workDone).sum();
            end(pass);
        }
        report();
        return done;
    }

    private void end(List<QueuedRequest> pass) {
        List<QueuedRequest> again =
                pass.stream().filter(QueuedRequest::waitsAgain).toList();
        guard.run(() -> requests.passEnded(pass, again));
        // Not before the pass has ended, whenever its requests have.
        pass.stream().filter(request -> !again.contains(request)).forEach(QueuedRequest::release);
    }
}
