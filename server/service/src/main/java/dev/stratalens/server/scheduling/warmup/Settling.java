package dev.stratalens.server.scheduling.warmup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Whether something that is done again and again still gets faster: by medians of groups, which single outliers do not move. */
public final class Settling {

    private static final int GROUP = 20;
    /** Less gain than this is none. */
    private static final double GAIN = 0.03;
    /** Groups without gain in a row. */
    private static final int STEADY = 2;

    private final List<Duration> group = new ArrayList<>();
    private Duration least = Duration.ofDays(1);
    private int steady;

    /** It was done once more and took so long. */
    public void add(Duration took) {
        group.add(took);
        if (group.size() == GROUP) {
            Collections.sort(group);
            Duration median = group.get(GROUP / 2);
            steady = median.toNanos() < least.toNanos() * (1 - GAIN) ? 0 : steady + 1;
            least = median.compareTo(least) < 0 ? median : least;
            group.clear();
        }
    }

    /** Whether it gets no faster. */
    public boolean isSettled() {
        return steady >= STEADY;
    }
}
