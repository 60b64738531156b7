package dev.stratalens.cli.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.Statistic;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatisticSelectionTest {

    @Test
    void allLeavesOutWhatCostsSomethingUnlessItIsNamed() {
        Set<Statistic> all = StatisticSelection.parse("all");
        assertTrue(
                all.containsAll(Set.of(Statistic.LOG_SUM_EXP, Statistic.ENTROPY, Statistic.KL_FROM_FINAL)),
                all.toString());
        assertFalse(all.contains(Statistic.KL_FROM_NEXT), all.toString());
        assertFalse(all.contains(Statistic.CROSS_ENTROPY), all.toString());
        assertEquals(Set.copyOf(Statistic.all()), StatisticSelection.parse("all,kl-from-next,cross-entropy"));
    }

    @Test
    void theLogSumExpIsAlwaysThere() {
        assertEquals(Set.of(Statistic.LOG_SUM_EXP), StatisticSelection.parse("none"));
        assertEquals(
                Set.of(Statistic.LOG_SUM_EXP, Statistic.KL_FROM_FINAL, Statistic.ENTROPY),
                StatisticSelection.parse("kl-from-final, entropy"));
    }

    @Test
    void anUnknownNameIsRefusedByName() {
        CliException refusal = assertThrows(CliException.class, () -> StatisticSelection.parse("entropy,variance"));
        assertTrue(refusal.getMessage().contains("\"variance\""), refusal.getMessage());
        assertThrows(CliException.class, () -> StatisticSelection.parse("none,entropy"));
    }
}
