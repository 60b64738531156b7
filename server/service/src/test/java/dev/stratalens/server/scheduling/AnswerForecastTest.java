package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.LensPrompt.SpecialTokens;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.server.scheduling.compute.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of requests whose text was not read yet, after passes of ten requests, each with five tokens, in 100 ms. */
final class AnswerForecastTest {

    private static final int REQUESTS = 10;
    private static final Load LOAD = new Load(50, 0, 500);
    private static final long PASS = Duration.ofMillis(100).toNanos();
    private static final String LONG = "The capital of France is";

    private final AnswerForecast answers =
            new AnswerForecast("m", new SchedulerLimits(64, 1, SchedulerLimits.DEFAULT_PASS_TOKENS));
    private long now;

    @Test
    void nothingIsTooLateBeforeAPassHasBeenSeen() {
        assertTrue(answers.tooLate(line(REQUESTS, LONG, 1), now).isEmpty());
    }

    @Test
    void takesUnreadTextsForWhatOthersTookLately() {
        passes();

        assertTrue(answers.tooLate(line(REQUESTS, LONG, 200), now).isEmpty());
        String told = answers.tooLate(line(REQUESTS, LONG, 100), now)
                .map(Throwable::getMessage)
                .orElse("");
        assertTrue(told.contains("the deadline is 0.1 seconds away"), told);
    }

    @Test
    void takesAShorterTextForLessWork() {
        passes();

        assertTrue(answers.tooLate(line(REQUESTS, "a", 100), now).isEmpty());
        assertTrue(answers.tooLate(line(10 * REQUESTS, "a", 100), now).isPresent());
    }

    @Test
    void countsWhatIsLeftOfThePassThatRuns() {
        passes();
        answers.passBegins(LOAD, now);

        assertTrue(answers.tooLate(line(REQUESTS, LONG, 200), now).isPresent());
        now += PASS;
        assertTrue(answers.tooLate(line(REQUESTS, LONG, 200), now).isEmpty());
    }

    private void passes() {
        for (int i = 0; i < 20; i++) {
            answers.passBegins(LOAD, now);
            now += PASS;
            answers.passEnded(LOAD, REQUESTS, LOAD.work(), PASS, now);
        }
    }

    private List<QueuedRequest> line(int length, String text, long millis) {
        List<QueuedRequest> line = new ArrayList<>(Collections.nCopies(length - 1, request(text)));
        QueuedRequest last = request(text);
        last.answerWithin(Duration.ofNanos(now).plusMillis(millis));
        line.add(last);
        return line;
    }

    private static QueuedRequest request(String text) {
        return new QueuedRequest(
                RequestedPlan.builder(new LensPrompt.Text(text, SpecialTokens.NONE))
                        .build(),
                new RecordingListener());
    }
}
