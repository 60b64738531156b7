package dev.stratalens.client.fake;

import dev.stratalens.client.IndexRange;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensRequest;
import dev.stratalens.client.LensResult;
import dev.stratalens.client.LensTarget;
import dev.stratalens.client.Statistic;
import dev.stratalens.client.Trajectories;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Made-up results as a client gets them. */
public final class RandomResult {

    private RandomResult() {}

    /** The result of a small run for any kind of request; the same for the same seed. */
    public static LensResult of(long seed) {
        return of(seed, request(new Random(seed)));
    }

    /** The result of a small run. */
    public static LensResult of(long seed, LensRequest request) {
        try (FakeLensServer server =
                        FakeLensServer.playing(FakeRun.of(seed, request).events());
                LensClient client = server.client()) {
            return client.analyze(request);
        }
    }

    /** Any kind of request; together the seeds meet every kind of target, encoding and statistic, with and without. */
    private static LensRequest request(Random random) {
        LensRequest.Builder request = random.nextInt(4) == 0
                ? LensRequest.ofTokenIds(3, 1, 4, 15, 92)
                : LensRequest.of("a \"prompt\" with \u2028 and \uD83D\uDE00");
        List<LensTarget> targets = new ArrayList<>();
        for (LensTarget target :
                List.of(LensTarget.nextToken(), LensTarget.finalTop(), LensTarget.id(7), LensTarget.text(" word"))) {
            if (random.nextBoolean()) {
                targets.add(target);
            }
        }
        request.target(targets.toArray(LensTarget[]::new));
        request.statistics(Stream.of(Statistic.values())
                .filter(statistic -> random.nextBoolean())
                .toArray(Statistic[]::new));
        Trajectories trajectories = List.of(
                        Trajectories.none(),
                        Trajectories.compact(),
                        Trajectories.exact(),
                        Trajectories.compact().withMinimumPeak(0.6),
                        Trajectories.exact().withMinimumPeak(1))
                .get(random.nextInt(5));
        request.trajectories(trajectories).topK(1 + random.nextInt(6));
        if (random.nextBoolean()) {
            request.includeEmbedding();
        }
        if (random.nextBoolean()) {
            request.layers(IndexRange.everyNth(2));
        }
        if (random.nextBoolean()) {
            request.positions(IndexRange.of(1), IndexRange.from(3));
        }
        if (random.nextBoolean()) {
            request.skipFinalNorm().requestId("id-1").withoutSpecialTokens();
        }
        return request.build();
    }
}
