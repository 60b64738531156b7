package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.MessageLite;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensTarget;
import dev.stratalens.engine.lens.plan.PlannedRequest;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Columns;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.text.ChatTemplate;
import dev.stratalens.engine.text.TokenSpelling;
import dev.stratalens.engine.text.TokenizedText;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.engine.text.VocabularyEntry;
import dev.stratalens.server.scheduling.JobStart;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.TrajectoryEncoding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bytes of a result, against the JSON that the existing widget reads for the same thing: 80 layers, 14 tokens, 5
 * predictions, about 100 tracked tokens a position of a vocabulary of 128k, and probabilities spread as they were measured
 * on Llama-3.1-70B: 72 % below 1e-4, 2 % above 1.6e-2.
 */
final class StreamSizeTest {

    private static final int PEER_JSON_BYTES = 842_586;
    private static final int LAYERS = 80;
    private static final int POSITIONS = 14;
    private static final int TOP_K = 5;
    private static final int TRACKED = 100;
    private static final int VOCABULARY = 128_000;

    private final Random random = new Random(1);
    private final int[][] tracked = IntStream.range(0, POSITIONS)
            .mapToObj(position -> random.ints(0, VOCABULARY)
                    .distinct()
                    .limit(TRACKED)
                    .sorted()
                    .toArray())
            .toArray(int[][]::new);

    @ParameterizedTest
    @CsvSource({
        "TRAJECTORY_ENCODING_UNSPECIFIED, 0.10",
        "TRAJECTORY_ENCODING_PPM, 0.28",
        "TRAJECTORY_ENCODING_FLOAT32, 0.65"
    })
    void aResultStaysSmall(TrajectoryEncoding encoding, double share) {
        boolean tracks = encoding != TrajectoryEncoding.TRAJECTORY_ENCODING_UNSPECIFIED;
        LensPlan plan = plan(tracks ? OptionalDouble.of(0) : OptionalDouble.empty());
        TokenTexts texts = new TokenTexts(new SevenByteTokenizer());
        List<AnalyzeResponse> stream = new ArrayList<>();
        LensEvents events = new LensEvents(new WireOptions("", encoding), start(plan), texts);
        stream.add(AnalyzeResponse.newBuilder().setHeader(events.header()).build());
        stream.add(AnalyzeResponse.newBuilder()
                .setTargets(events.targets(new FinalTargets(ids(1), logProbs(POSITIONS), ids(1))))
                .build());
        for (int layer = 0; layer < LAYERS; layer++) {
            new LayerChunks(plan, texts)
                    .split(
                            readout(layer),
                            chunk -> stream.add(AnalyzeResponse.newBuilder()
                                    .setLayerChunk(chunk)
                                    .build()));
        }
        if (tracks) {
            for (int p = 0; p < POSITIONS; p++) {
                new TrajectoryChunks(LAYERS, encoding)
                        .split(
                                new PositionTrajectory(0, p, tracked[p], logProbs(TRACKED * LAYERS)),
                                chunk -> stream.add(AnalyzeResponse.newBuilder()
                                        .setTrajectoryChunk(chunk)
                                        .build()));
            }
        }

        int bytes = stream.stream().mapToInt(MessageLite::getSerializedSize).sum();

        assertTrue(bytes <= share * PEER_JSON_BYTES, bytes + " bytes are " + (double) bytes / PEER_JSON_BYTES);
        long bound = AnswerSize.atMost(plan, VOCABULARY);
        assertTrue(bytes <= bound && bound <= 10L * bytes, bytes + " bytes, bounded by " + bound);
        assertTrue(bytes > share / 2 * PEER_JSON_BYTES, "too few to be the whole result: " + bytes);
    }

    private CellReadout readout(int layer) {
        return new CellReadout(
                0,
                layer,
                ids(TOP_K),
                logProbs(POSITIONS * TOP_K),
                random.ints(POSITIONS, 1, VOCABULARY).toArray(),
                logProbs(POSITIONS),
                new Columns(Map.of(
                        Statistic.LOG_SUM_EXP,
                        logProbs(POSITIONS),
                        Statistic.ENTROPY,
                        logProbs(POSITIONS),
                        Statistic.KL_FROM_FINAL,
                        logProbs(POSITIONS))));
    }

    /** So many of the tracked tokens of every position. */
    private int[] ids(int count) {
        return Arrays.stream(tracked)
                .flatMapToInt(row -> random.ints(count, 0, row.length).map(i -> row[i]))
                .toArray();
    }

    private float[] logProbs(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            double share = random.nextDouble();
            double exponent = share < 0.72
                    ? -4 - 4 * random.nextDouble()
                    : share < 0.98 ? -4 + 2.2 * random.nextDouble() : -1.8 * random.nextDouble();
            values[i] = (float) (exponent * Math.log(10));
        }
        return values;
    }

    private static LensPlan plan(OptionalDouble minimumPeak) {
        return new LensPlan(
                new int[POSITIONS],
                List.of(new RequestedLens.Logit()),
                ReadPoints.layers(IntStream.range(0, LAYERS).toArray()),
                IntStream.range(0, POSITIONS).toArray(),
                TOP_K,
                List.of(new PlannedTarget(new LensTarget.NextToken(), List.of())),
                Set.of(Statistic.LOG_SUM_EXP, Statistic.ENTROPY, Statistic.KL_FROM_FINAL),
                minimumPeak);
    }

    private static JobStart start(LensPlan plan) {
        return new JobStart(
                FakeLensEngine.named("fake"),
                new PlannedRequest(plan, new TokenizedText(plan.tokenIds(), new int[0], new int[0]), Optional.empty()),
                0,
                Duration.ZERO);
    }

    /** Every token of the vocabulary as long as they are on average. */
    private static final class SevenByteTokenizer implements Tokenizer {
        @Override
        public Optional<ChatTemplate> chatTemplate() {
            return Optional.empty();
        }

        @Override
        public TokenizedText encode(String text, boolean addSpecialTokens) {
            throw new UnsupportedOperationException();
        }

        @Override
        public OptionalInt lookup(String text) {
            return OptionalInt.empty();
        }

        @Override
        public VocabularyEntry entry(int id) {
            return new VocabularyEntry(id, "", "%07d".formatted(id).getBytes(StandardCharsets.UTF_8), true);
        }

        @Override
        public TokenSpelling spelling() {
            return TokenSpelling.BYTE_LEVEL;
        }

        @Override
        public void close() {}
    }
}
