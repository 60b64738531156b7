package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.server.scheduling.compute.Load;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PassPlannerTest {

    private static final Load LIMIT = new Load(100, 1000);

    private static final PassPlanner<Request> PLANNER = new PassPlanner<>(Request::load, Request::mostWork);

    private record Request(Load load, long mostWork) {
        Request(long tokens, long bytes) {
            this(tokens, bytes, Long.MAX_VALUE);
        }

        Request(long tokens, long bytes, long mostWork) {
            this(new Load(tokens, bytes, tokens), mostWork);
        }
    }

    @Test
    void takesRequestsInOrderUntilThePassIsFull() {
        Request half = new Request(50, 1);

        assertEquals(List.of(half, half), next(half, half, half));
    }

    @Test
    void passesOverWhatDoesNotFitAndGoesOnBehindIt() {
        Request first = new Request(60, 1);
        Request small = new Request(40, 1);

        assertEquals(List.of(first, small), next(first, new Request(41, 1), small));
    }

    @Test
    void holdsMemoryAsWellAsTokensToTheLimit() {
        Request first = new Request(1, 600);

        assertEquals(List.of(first, new Request(1, 400)), next(first, new Request(1, 401), new Request(1, 400)));
    }

    @Test
    void takesAJobThatIsLongerThanTheLimitAlone() {
        Request huge = new Request(101, 1);

        assertEquals(List.of(huge), next(huge, new Request(1, 1)));
    }

    @Test
    void letsNoShortRequestBehindTakeTheTurnOfALongOne() {
        Request small = new Request(1, 1);
        Request huge = new Request(5000, 1);

        assertEquals(List.of(small, small), next(small, huge, small));
        assertEquals(List.of(huge), next(huge));
    }

    @Test
    void fillsRoomWithWhatFitsIntoItAndWithNothingElse() {
        Request small = new Request(3, 1);

        assertEquals(
                List.of(small, small),
                PLANNER.fitting(List.of(new Request(9, 1), small, small, small), new Load(8, 10)));
        assertEquals(List.of(), PLANNER.fitting(List.of(small), new Load(2, 10)));
    }

    @Test
    void addsNothingThatWouldMakeTheAnswerOfAnotherLate() {
        Request hurried = new Request(10, 1, 30);
        Request patient = new Request(15, 1);

        assertEquals(List.of(hurried, patient), next(hurried, patient, patient));
        assertEquals(List.of(patient, patient, patient), next(patient, patient, hurried, patient));
        assertEquals(List.of(hurried, hurried, hurried), next(hurried, hurried, hurried, hurried));
    }

    @Test
    void makesNoPassOfNothing() {
        assertEquals(List.of(), next());
    }

    private static List<Request> next(Request... waiting) {
        return PLANNER.next(List.of(waiting), LIMIT);
    }
}
