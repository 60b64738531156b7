package dev.stratalens.cli.input;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.Statistic;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Statistics as typed: {@code all}, which leaves out those that cost something, {@code none}, or names parted by commas. The
 * log-sum-exp, without which there are no logits, is always among them.
 */
public final class StatisticSelection {

    /** Names to choose from, for help and completion. */
    public static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Statistic.all().stream()
                    .filter(statistic -> !statistic.equals(Statistic.LOG_SUM_EXP))
                    .map(Statistic::name)
                    .iterator();
        }
    }

    private StatisticSelection() {}

    /** Reads names.
     *
     * @throws CliException if a name is not understood */
    public static Set<Statistic> parse(String text) {
        List<Statistic> statistics = new ArrayList<>(List.of(Statistic.LOG_SUM_EXP));
        if (!text.strip().equals("none")) {
            for (String name : text.split(",", -1)) {
                statistics.addAll(name.strip().equals("all") ? cheap() : List.of(named(name.strip())));
            }
        }
        return Statistic.setOf(statistics);
    }

    /** Those that there is nothing to remark on. */
    private static List<Statistic> cheap() {
        return Statistic.all().stream()
                .filter(statistic -> statistic.remark().isEmpty())
                .toList();
    }

    private static Statistic named(String name) {
        return Statistic.find(name)
                .orElseThrow(() -> CliException.usage(
                        "--stats: \"%s\" is not understood. Write all, none, or some of %s separated by commas."
                                .formatted(name, String.join(", ", new Names()))));
    }
}
