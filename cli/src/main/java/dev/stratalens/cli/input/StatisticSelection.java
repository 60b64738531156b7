package dev.stratalens.cli.input;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.Statistic;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Statistics as typed: {@code all} (but {@code kl-next}, which doubles the cost), {@code none}, or names parted by commas. */
public final class StatisticSelection {

    private StatisticSelection() {}

    /** Reads names.
     *
     * @throws CliException if a name is not understood */
    public static Set<Statistic> parse(String text) {
        Set<Statistic> statistics = new TreeSet<>();
        if (text.strip().equals("none")) {
            return statistics;
        }
        for (String name : text.split(",", -1)) {
            switch (name.strip()) {
                case "all" -> statistics.addAll(List.of(Statistic.ENTROPY, Statistic.KL_FROM_FINAL));
                case "entropy" -> statistics.add(Statistic.ENTROPY);
                case "kl" -> statistics.add(Statistic.KL_FROM_FINAL);
                case "kl-next" -> statistics.add(Statistic.KL_FROM_NEXT);
                default ->
                    throw CliException.usage(
                            "--stats: \"%s\" is not understood. Write all, none, or some of entropy, kl, kl-next parted by commas."
                                    .formatted(name.strip()));
            }
        }
        return statistics;
    }
}
