package dev.stratalens.server.scheduling;

import dev.stratalens.server.error.DeadlineTooShortException;
import dev.stratalens.server.scheduling.compute.Load;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** When the requests of a queue would be answered, from what passes took lately, and which answers would be too late. Not thread-safe. */
final class AnswerForecast {

    /** Factor of caution: predictions are too short mostly when other work takes part of the cores. */
    private static final double CAUTION = 1.5;

    private static final double DECAY = 0.9;

    private final String model;
    private final SchedulerLimits limits;
    private final PassForecast times = new PassForecast();
    /** Of the passes so far; later ones count more. */
    private double requests;

    private double tokens;
    private double work;
    private long passEnds;

    /** @param model whose queue it is */
    AnswerForecast(String model, SchedulerLimits limits) {
        this.model = model;
        this.limits = limits;
    }

    /** A pass begins. */
    void passBegins(Load load, long now) {
        passEnds = now + times.nanos(1, load.work());
    }

    /** The pass that began last is over. */
    void passEnded(Load load, int itsRequests, long workDone, long nanos, long now) {
        passEnds = now;
        times.took(workDone, nanos);
        requests = DECAY * requests + itsRequests;
        tokens = DECAY * tokens + load.tokens();
        work = DECAY * work + load.work();
    }

    /** Why the last of some requests is refused, if its answer would come too late, in a pass of its own or with those before it. */
    Optional<Throwable> tooLate(List<QueuedRequest> line, long now) {
        OptionalLong left = line.get(line.size() - 1).nanosLeft(now);
        if (left.isEmpty()) {
            return Optional.empty();
        }
        Load load = line.stream().map(this::expected).reduce(Load.NOTHING, Load::plus);
        long needed = Math.max(0, passEnds - now) + times.nanos(1 + load.tokens() / limits.passTokens(), load.work());
        return CAUTION * needed > left.getAsLong()
                ? Optional.of(deadlineTooShort(needed, left.getAsLong()))
                : Optional.empty();
    }

    /** What a request will take. One whose text was not read yet: as much as others, or as much less as it is shorter. */
    private Load expected(QueuedRequest request) {
        if (request.isPlanned()) {
            return request.load();
        }
        if (requests == 0) {
            return Load.NOTHING;
        }
        double share = Math.min(1, request.textSize().characters() / Math.max(1, tokens / requests));
        return new Load((long) (share * tokens / requests), 0, (long) (share * work / requests));
    }

    /** The work of a pass that answers a request in time. */
    long mostWork(QueuedRequest request, long now) {
        OptionalLong left = request.nanosLeft(now);
        return left.isEmpty() ? Long.MAX_VALUE : times.workWithin((long) (left.getAsLong() / CAUTION));
    }

    /**
     * Those that would be answered too late even if they ran now. If all would, the one with the most time left is not among them: the
     * predictions may be wrong.
     *
     * @param runnable planned requests
     */
    List<QueuedRequest> late(List<QueuedRequest> runnable, long now) {
        List<QueuedRequest> late = runnable.stream()
                .filter(request -> request.load().work() > mostWork(request, now))
                .sorted(Comparator.comparingLong(
                        request -> request.nanosLeft(now).orElseThrow()))
                .toList();
        return late.isEmpty() || late.size() < runnable.size() ? late : late.subList(0, late.size() - 1);
    }

    /** Why such a request is refused. */
    Throwable tooLate(QueuedRequest request, long now) {
        return deadlineTooShort(
                times.nanos(1, request.load().work()), request.nanosLeft(now).orElseThrow());
    }

    private DeadlineTooShortException deadlineTooShort(long needed, long left) {
        return new DeadlineTooShortException(
                model, Duration.ofNanos((long) (CAUTION * needed)), Duration.ofNanos(left));
    }
}
