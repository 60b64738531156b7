package dev.stratalens.server.quota;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.access.Caller;
import dev.stratalens.server.access.Callers;
import dev.stratalens.server.error.QuotaExceededException;
import dev.stratalens.server.error.QuotaExceededException.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** By a clock that stands still until the test lets time pass. */
final class QuotasTest {

    private static final Caller FREE = Callers.named("free");

    private record Alarm(long nanos, Runnable work) {}

    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>((one, other) -> Long.compare(one.nanos(), other.nanos()));
    private long now;
    private final Quotas quotas = new Quotas((nanos, work) -> alarms.add(new Alarm(now + nanos, work)), () -> now);

    @Test
    void whoHasNoLimitsIsAlwaysAdmitted() {
        IntStream.range(0, 10_000).forEach(i -> quotas.admit(FREE).planned(100_000, 1_000_000));
    }

    @Test
    void refusesMoreRequestsThanAMinuteAllowsAndSaysWhenTheNextIs() {
        Caller caller = requests(60);
        finishSingles(caller, 60);

        QuotaExceededException refusal = refused(() -> quotas.admit(caller));

        assertEquals(Limit.REQUESTS_PER_MINUTE, refusal.limit());
        assertEquals(60, refusal.value());
        assertEquals(Optional.of(Duration.ofSeconds(1)), refusal.retryAfter());
        advance(Duration.ofMillis(999));
        assertEquals(
                Optional.of(Duration.ofMillis(1)),
                refused(() -> quotas.admit(caller)).retryAfter());
        advance(Duration.ofMillis(1));
        finishSingles(caller, 1);
        refused(() -> quotas.admit(caller));
    }

    @Test
    void refusesMorePromptsInFlightUntilOneEnds() {
        Caller caller = inFlight(2);
        Admission first = quotas.admit(caller);
        quotas.admit(caller);

        assertEquals(Limit.IN_FLIGHT, refused(() -> quotas.admit(caller)).limit());
        first.close();
        first.close();
        quotas.admit(caller);
        refused(() -> quotas.admit(caller));
    }

    @Test
    void aPromptThatCannotBeginIsNotInFlight() {
        Caller caller = inFlight(1);
        List<Admission> begun = new ArrayList<>();

        assertThrows(
                IllegalStateException.class,
                () -> quotas.admit(caller, admission -> {
                    throw new IllegalStateException("made up");
                }));
        assertThrows(
                OutOfMemoryError.class,
                () -> quotas.admit(caller, admission -> {
                    throw new OutOfMemoryError("made up");
                }));

        quotas.admit(caller, begun::add);
        assertEquals(1, begun.size());
        refused(() -> quotas.admit(caller, begun::add));
    }

    @Test
    void chargesTokensOnceTheyAreKnown() {
        Caller caller = tokens(600);
        quotas.admit(caller).planned(500, 1);

        QuotaExceededException refusal = refused(() -> quotas.admit(caller).planned(150, 1));

        assertEquals(Limit.TOKENS_PER_MINUTE, refusal.limit());
        assertEquals(Optional.of(Duration.ofSeconds(5)), refusal.retryAfter());
        advance(Duration.ofSeconds(5));
        quotas.admit(caller).planned(150, 1);
    }

    @Test
    void generatedTokensAreNeverRefusedAndDelayWhatFollows() {
        Caller caller = tokens(600);
        Admission admission = quotas.admit(caller);
        admission.planned(590, 1);
        IntStream.range(0, 30).forEach(i -> admission.generated());

        QuotaExceededException refusal = refused(() -> quotas.admit(caller).planned(10, 1));

        // 20 tokens too many, and 10 more, at 10 a second.
        assertEquals(Optional.of(Duration.ofSeconds(3)), refusal.retryAfter());
    }

    @Test
    void refusesForGoodWhatNoMinuteAllows() {
        Caller caller = tokens(600);

        assertEquals(
                Optional.empty(),
                refused(() -> quotas.admit(caller).planned(601, 1)).retryAfter());
        assertEquals(
                Optional.empty(), refused(() -> ofBatch(caller).planned(601, 1)).retryAfter());
        quotas.admit(caller).planned(600, 1);
    }

    @Test
    void refusesForGoodPromptsAndAnswersThatAreTooBig() {
        Caller caller = Callers.with("sized", Callers.sized(100, 1000));

        quotas.admit(caller).planned(100, 1000);
        assertEquals(
                Limit.PROMPT_TOKENS,
                refused(() -> quotas.admit(caller).planned(101, 1)).limit());
        QuotaExceededException refusal = refused(() -> ofBatch(caller).planned(1, 1001));
        assertEquals(Limit.ANSWER_CELLS, refusal.limit());
        assertEquals(Optional.empty(), refusal.retryAfter());
    }

    @Test
    void countsEachPrincipalByItselfOverAllItsCalls() {
        finishSingles(requests(1), 1);
        refused(() -> quotas.admit(requests(1)));
        finishSingles(Callers.with("other", Callers.quota(1, 0, 0, 0, 1)), 1);
    }

    @Test
    void theLimitsOfTheNewestCallHoldForBatchesThatRunToo() {
        Caller before = requests(60);
        finishSingles(before, 30);
        quotas.beginBatch(requests(4));

        // Half of it was used.
        assertTrue(quotas.admitOfBatch(before, () -> {}).isPresent());
        assertTrue(quotas.admitOfBatch(before, () -> {}).isEmpty());
        quotas.beginBatch(before);
        advance(Duration.ofSeconds(1));
        assertTrue(quotas.admitOfBatch(before, () -> {}).isPresent());
    }

    @Test
    void aBatchIsSlowedAndLeavesAQuarterToSinglePrompts() {
        Caller caller = requests(60);
        List<Long> begun = runBatch(caller, 100, 1);

        assertEquals(45, begun.stream().filter(time -> time == 0).count());
        assertEquals(Duration.ofSeconds(55).toNanos(), begun.get(99));
        finishSingles(caller, 15);
        refused(() -> quotas.admit(caller));
    }

    @Test
    void howeverManyBatchesOfACallerWaitOneAlarmASecondWakesThem() {
        Caller caller = requests(4);
        runBatch(caller, 3, 1);
        int[] tried = new int[1];
        List<Runnable> batches = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int batch = i;
            batches.add(() -> {
                tried[0]++;
                var unused = quotas.admitOfBatch(caller, batches.get(batch));
            });
        }
        batches.forEach(Runnable::run);

        for (int second = 1; second <= 14; second++) {
            assertEquals(1, alarms.size());
            Alarm next = alarms.remove();
            assertEquals(now + Duration.ofSeconds(1).toNanos(), next.nanos());
            now = next.nanos();
            next.work().run();
            assertEquals(100 * (1 + second), tried[0]);
        }
    }

    @Test
    void aBatchPaysForItsTokensAfterwards() {
        Caller caller = tokens(600);

        List<Long> begun = runBatch(caller, 41, 100);

        // 450 above the reserve are there at once, then 10 a second.
        assertEquals(5, begun.stream().filter(time -> time == 0).count());
        double seconds = begun.get(40) / 1e9;
        assertEquals((40 * 100 - 450) / 10.0, seconds, 0.2);
    }

    @Test
    void aBatchTakesNoMoreOfWhatIsInFlightThanThreeQuarters() {
        Caller caller = inFlight(8);
        List<String> woken = new ArrayList<>();
        List<Admission> batch = IntStream.range(0, 6)
                .mapToObj(i -> quotas.admitOfBatch(caller, () -> {}).orElseThrow())
                .toList();

        assertTrue(quotas.admitOfBatch(caller, () -> woken.add("again")).isEmpty());
        quotas.admit(caller);
        quotas.admit(caller);
        refused(() -> quotas.admit(caller));
        batch.get(0).close();
        assertEquals(List.of("again"), woken);
        assertTrue(quotas.admitOfBatch(caller, () -> {}).isEmpty(), "7 of 8 are in flight");
    }

    @Test
    void aPromptOfABatchThatFailsBeforeItIsReadLetsTheNextBegin() {
        Caller caller = tokens(600);
        List<String> woken = new ArrayList<>();
        Admission first = ofBatch(caller);
        assertTrue(quotas.admitOfBatch(caller, () -> woken.add("again")).isEmpty(), "its tokens are not known");

        first.close();

        assertEquals(List.of("again"), woken);
        ofBatch(caller).planned(1, 1);
        assertTrue(quotas.admitOfBatch(caller, () -> {}).isPresent());
    }

    @Test
    void remembersOnlyWhoUsedSomethingWithinTheMinute() {
        for (int i = 0; i < 100_000; i++) {
            finishSingles(Callers.with("p" + i, Callers.quota(600, 0, 0, 0, 1)), 1);
            advance(Duration.ofMillis(10));
            // A request is given back in 100 ms: that of some ten principals is not yet.
            assertTrue(quotas.size() <= 64 + 10, "remembered: " + quotas.size());
        }
    }

    /** Sends so many prompts one after the other; gives the times at which they began. */
    private List<Long> runBatch(Caller caller, int count, long tokens) {
        List<Long> begun = new ArrayList<>();
        boolean[] mayTry = {true};
        while (begun.size() < count) {
            if (!mayTry[0]) {
                Alarm next = alarms.remove();
                now = Math.max(now, next.nanos());
                next.work().run();
            }
            mayTry[0] = false;
            quotas.admitOfBatch(caller, () -> mayTry[0] = true).ifPresent(admission -> {
                begun.add(now);
                admission.planned(tokens, 1);
                admission.close();
                mayTry[0] = true;
            });
        }
        return begun;
    }

    private Admission ofBatch(Caller caller) {
        return quotas.admitOfBatch(caller, () -> {}).orElseThrow();
    }

    private void finishSingles(Caller caller, int count) {
        IntStream.range(0, count).forEach(i -> quotas.admit(caller).close());
    }

    private void advance(Duration by) {
        now += by.toNanos();
    }

    private static Caller requests(int perMinute) {
        return Callers.with("caller", Callers.quota(perMinute, 0, 0, 0, 1));
    }

    private static Caller tokens(long perMinute) {
        return Callers.with("caller", Callers.quota(0, perMinute, 0, 0, 1));
    }

    private static Caller inFlight(int most) {
        return Callers.with("caller", Callers.quota(0, 0, most, 0, 1));
    }

    private static QuotaExceededException refused(Executable call) {
        return assertThrows(QuotaExceededException.class, call);
    }
}
