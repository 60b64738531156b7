package dev.stratalens.spark;

import dev.stratalens.client.error.LensException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers that an executor asks, each by one client, or its one model. They stay until the executor ends. Thread-safe.
 */
final class SharedSources {

    private static final Logger LOG = LoggerFactory.getLogger(SharedSources.class);

    /** By the options. A class of Spark's task has no other place that outlives it and is not sent with it. */
    private static final ConcurrentMap<List<String>, SharedSources> OF_THIS_PROCESS = new ConcurrentHashMap<>();

    private final List<SharedSource> sources;

    private SharedSources(List<SharedSource> sources) {
        this.sources = sources;
    }

    /** The sources that options name. */
    static SharedSources of(List<String> options) {
        return OF_THIS_PROCESS.computeIfAbsent(
                options,
                given -> new SharedSources(SparkLensOptions.parse(given).model.atEachServer().stream()
                        .map(SharedSource::new)
                        .toList()));
    }

    /**
     * The source with the fewest tasks that has not just failed. Waits for one.
     *
     * @param first which comes first where they are alike, by any number
     * @throws LensException if none answers for too long, or one has no such model
     */
    SharedSource.Lease take(int first, Patience patience) throws InterruptedException {
        while (true) {
            SharedSource source = next(first);
            Duration rest = source.rest();
            if (!rest.isNegative()) {
                Thread.sleep(rest.toMillis() + 1);
            }
            try {
                return source.take();
            } catch (LensException e) {
                LOG.warn("{} does not answer: {}", source, e.getMessage());
                patience.bear(e);
            }
        }
    }

    private SharedSource next(int first) {
        int count = sources.size();
        List<SharedSource> rotated = IntStream.range(0, count)
                .mapToObj(i -> sources.get(Math.floorMod(first + i, count)))
                .toList();
        return rotated.stream()
                .filter(source -> source.rest().isNegative())
                .min(Comparator.comparingInt(SharedSource::tasks))
                .orElseGet(() -> rotated.stream()
                        .min(Comparator.comparing(SharedSource::rest))
                        .orElseThrow());
    }
}
