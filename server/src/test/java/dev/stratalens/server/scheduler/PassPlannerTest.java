package dev.stratalens.server.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class PassPlannerTest {

    private static final Load LIMIT = new Load(100, 1000);

    @Test
    void takesJobsInOrderUntilThePassIsFull() {
        Load half = new Load(50, 1);

        assertEquals(List.of(half, half), next(half, half, half));
    }

    @Test
    void passesOverWhatDoesNotFitAndGoesOnBehindIt() {
        Load first = new Load(60, 1);
        Load small = new Load(40, 1);

        assertEquals(List.of(first, small), next(first, new Load(41, 1), small));
    }

    @Test
    void holdsMemoryAsWellAsTokensToTheLimit() {
        Load first = new Load(1, 600);

        assertEquals(List.of(first, new Load(1, 400)), next(first, new Load(1, 401), new Load(1, 400)));
    }

    @Test
    void takesAJobThatIsLongerThanTheLimitAlone() {
        Load huge = new Load(101, 1);

        assertEquals(List.of(huge), next(huge, new Load(1, 1)));
    }

    @Test
    void letsNoShortJobBehindTakeTheTurnOfALongOne() {
        Load small = new Load(1, 1);
        Load huge = new Load(5000, 1);

        assertEquals(List.of(small, small), next(small, huge, small));
        assertEquals(List.of(huge), next(huge));
    }

    @Test
    void fillsRoomWithWhatFitsIntoItAndWithNothingElse() {
        Load small = new Load(3, 1);

        assertEquals(
                List.of(small, small),
                PassPlanner.fitting(
                        List.of(new Load(9, 1), small, small, small), Function.identity(), new Load(8, 10)));
        assertEquals(List.of(), PassPlanner.fitting(List.of(small), Function.identity(), new Load(2, 10)));
    }

    @Test
    void makesNoPassOfNothing() {
        assertEquals(List.of(), next());
    }

    private static List<Load> next(Load... waiting) {
        return PassPlanner.next(List.of(waiting), Function.identity(), LIMIT);
    }
}
