package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PassPlannerTest {

    private static final Load LIMIT = new Load(100, 1000);

    private record Job(Load load) {
        Job(long tokens, long bytes) {
            this(new Load(tokens, bytes));
        }
    }

    @Test
    void takesJobsInOrderUntilThePassIsFull() {
        Job half = new Job(50, 1);

        assertEquals(List.of(half, half), next(half, half, half));
    }

    @Test
    void passesOverWhatDoesNotFitAndGoesOnBehindIt() {
        Job first = new Job(60, 1);
        Job small = new Job(40, 1);

        assertEquals(List.of(first, small), next(first, new Job(41, 1), small));
    }

    @Test
    void holdsMemoryAsWellAsTokensToTheLimit() {
        Job first = new Job(1, 600);

        assertEquals(List.of(first, new Job(1, 400)), next(first, new Job(1, 401), new Job(1, 400)));
    }

    @Test
    void takesAJobThatIsLongerThanTheLimitAlone() {
        Job huge = new Job(101, 1);

        assertEquals(List.of(huge), next(huge, new Job(1, 1)));
    }

    @Test
    void letsNoShortJobBehindTakeTheTurnOfALongOne() {
        Job small = new Job(1, 1);
        Job huge = new Job(5000, 1);

        assertEquals(List.of(small, small), next(small, huge, small));
        assertEquals(List.of(huge), next(huge));
    }

    @Test
    void fillsRoomWithWhatFitsIntoItAndWithNothingElse() {
        Job small = new Job(3, 1);

        assertEquals(
                List.of(small, small),
                PassPlanner.fitting(List.of(new Job(9, 1), small, small, small), Job::load, new Load(8, 10)));
        assertEquals(List.of(), PassPlanner.fitting(List.of(small), Job::load, new Load(2, 10)));
    }

    @Test
    void makesNoPassOfNothing() {
        assertEquals(List.of(), next());
    }

    private static List<Job> next(Job... waiting) {
        return PassPlanner.next(List.of(waiting), Job::load, LIMIT);
    }
}
