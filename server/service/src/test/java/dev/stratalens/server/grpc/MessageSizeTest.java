package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedRequest;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Columns;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.ChatTemplate;
import dev.stratalens.engine.text.TokenSpelling;
import dev.stratalens.engine.text.TokenizedText;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.engine.text.VocabularyEntry;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.grpc.result.ResultEvents;
import dev.stratalens.server.grpc.result.WireOptions;
import dev.stratalens.server.grpc.stream.EventOutbox;
import dev.stratalens.server.grpc.stream.MessageSink;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.scheduling.GrantedLimits;
import dev.stratalens.server.scheduling.RequestStart;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.IndexRange;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.NumberForm;
import dev.stratalens.v1.TokenizeRequest;
import dev.stratalens.v1.TokenizeResponse;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The largest request of each kind: no message is as large as clients accept, by far. */
final class MessageSizeTest {

    private static final int MAX_BYTES = 1 << 20;
    private static final int TOKENS = 64_000;
    /** Of those that are read: enough for many messages of each kind, and each in a range of its own. */
    private static final int POSITIONS = 16_000;

    private static final int TOP_K = 100;
    private static final int TARGETS = 32;
    private static final int VOCABULARY = 250_000;

    @ParameterizedTest
    @EnumSource(names = {"NUMBER_FORM_COMPACT", "NUMBER_FORM_FLOAT32"})
    void resultsOfManyPositionsTargetsAndLongTexts(NumberForm form) {
        LensPlan plan = new LensPlan(
                IntStream.range(0, TOKENS).toArray(),
                List.of(new RequestedLens.Logit()),
                IntStream.range(0, 2).mapToObj(ReadPoint::layer).toList(),
                IntStream.range(0, POSITIONS).map(i -> 4 * i + i % 2).toArray(),
                TOP_K,
                Collections.nCopies(
                        TARGETS,
                        new PlannedTarget(new RequestedTarget.Text("x".repeat(4096)), Collections.nCopies(1000, 7))),
                Set.of(Statistic.values()),
                OptionalDouble.of(0));
        String chat = "字".repeat(1_000_000);
        List<Event> events = new ArrayList<>();
        List<AnalyzeResponse> messages = new ArrayList<>();
        EventOutbox outbox = new EventOutbox(new Collector(messages));
        ResultEvents result = new ResultEvents(
                new WireOptions("r", form),
                new RequestStart(
                        new LongTexts(),
                        new PlannedRequest(
                                plan,
                                new TokenizedText(plan.tokenIds(), plan.tokenIds(), plan.tokenIds()),
                                Optional.of(chat)),
                        0,
                        Duration.ZERO,
                        false),
                event -> {
                    events.add(event);
                    outbox.add(event);
                });

        result.begin();
        result.targets(new FinalTargets(ids(POSITIONS, 1), logProbs(POSITIONS), ids(POSITIONS * TARGETS, 2)));
        for (int point = 0; point < 2; point++) {
            result.cells(cells(point));
        }
        result.trajectory(
                new PositionTrajectory(0, 5, IntStream.range(0, 100_000).toArray(), logProbs(200_000)));
        outbox.flush();

        assertBounded(
                messages.stream().mapToInt(AnalyzeResponse::getSerializedSize).toArray());
        assertEquals(
                events,
                messages.stream()
                        .flatMap(message -> message.getEventsList().stream())
                        .toList());
        assertEquals(
                chat,
                events.stream()
                        .map(event -> event.getHeader().getRenderedChat()
                                + event.getPromptChunk().getRenderedChat())
                        .collect(Collectors.joining()));
        assertEquals(
                TOKENS,
                events.stream()
                        .mapToInt(event -> event.getPromptChunk().getTokenIdsCount())
                        .sum());
        assertEquals(
                POSITIONS,
                events.stream()
                        .mapToInt(event -> event.getTargetChunk().getPositionCount())
                        .sum());
        assertEquals(
                2 * POSITIONS,
                events.stream()
                        .mapToInt(event -> event.getCellChunk().getPositionCount())
                        .sum());
    }

    @Test
    void tokensOfMegabytesAndAnalysesOfManyRanges() throws Exception {
        String name = UUID.randomUUID().toString();
        FakeLensEngine engine = new FakeLensEngine(FakeModel.sized("fake", FakeModel.VOCABULARY, 70_000));
        LensServer server = LensServer.builder(List.of("fake"), (model, listener) -> engine)
                .limits(new GrantedLimits(
                        ModelRegistry.UNBOUNDED,
                        1L << 40,
                        4,
                        4,
                        64 << 20,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(10)))
                .inProcess(name)
                .build();
        server.start();
        ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
        try {
            String text = "x".repeat(3_900_000);
            Iterator<TokenizeResponse> tokens = ModelServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .tokenize(TokenizeRequest.newBuilder()
                            .setPrompt(Prompts.text(text))
                            .build());
            int count = 0;
            while (tokens.hasNext()) {
                TokenizeResponse response = tokens.next();
                assertBounded(response.getSerializedSize());
                count += response.getChunk().getTokenIdsCount();
            }
            assertEquals(1 + text.length(), count);

            AnalyzeRequest.Builder request = AnalyzeRequest.newBuilder()
                    .setPrompt(Prompts.text("y".repeat(65_000)))
                    .addLayers(IndexRange.newBuilder().setFirst(-1))
                    .setTopK(1);
            for (int i = 0; i < 32_000; i++) {
                request.addPositions(
                        IndexRange.newBuilder().setFirst(2 * i + i % 2).setLast(2 * i + i % 2));
            }
            List<AnalyzeResponse> messages = new ArrayList<>();
            LensServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .analyze(request.build())
                    .forEachRemaining(messages::add);
            assertBounded(messages.stream()
                    .mapToInt(AnalyzeResponse::getSerializedSize)
                    .toArray());
            AnalyzeResponse last = messages.get(messages.size() - 1);
            assertEquals(
                    32_000,
                    last.getEvents(last.getEventsCount() - 1).getSummary().getCellCount());
        } finally {
            channel.shutdownNow();
            server.stop();
        }
    }

    @Test
    void pagesOfManyModels() throws Exception {
        String name = UUID.randomUUID().toString();
        List<String> models =
                IntStream.range(0, 1_000).mapToObj("%050d"::formatted).toList();
        LensServer server = LensServer.builder(models, (model, listener) -> FakeLensEngine.named(model))
                .load(LoadPolicy.ON_DEMAND)
                .inProcess(name)
                .build();
        server.start();
        ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
        try {
            List<String> listed = new ArrayList<>();
            ListModelsRequest.Builder request = ListModelsRequest.newBuilder().setPageSize(1_000_000);
            boolean more = true;
            while (more) {
                var page = ModelServiceGrpc.newBlockingStub(channel).listModels(request.build());
                assertBounded(page.getSerializedSize());
                page.getModelsList().forEach(model -> listed.add(model.getName()));
                request.setPageToken(page.getNextPageToken());
                more = page.hasNextPageToken();
            }
            assertEquals(models, listed);
        } finally {
            channel.shutdownNow();
            server.stop();
        }
    }

    private static void assertBounded(int... sizes) {
        int largest = Arrays.stream(sizes).max().orElseThrow();
        assertTrue(largest < MAX_BYTES, "bytes: " + largest);
    }

    private static CellReadout cells(int point) {
        Map<Statistic, float[]> columns = new EnumMap<>(Statistic.class);
        for (Statistic statistic : Statistic.values()) {
            float[] values = new float[POSITIONS];
            Arrays.fill(values, 1e5f * (1 + point));
            columns.put(statistic, values);
        }
        return new CellReadout(
                0,
                point,
                ids(POSITIONS * TOP_K, 3 + point),
                logProbs(POSITIONS * TOP_K),
                new float[POSITIONS],
                ids(POSITIONS * TARGETS, 5),
                logProbs(POSITIONS * TARGETS),
                new Columns(columns));
    }

    /** Ids of all the vocabulary. */
    private static int[] ids(int count, int salt) {
        return IntStream.range(0, count)
                .map(i -> Math.floorMod((i + 1) * 7919 * salt, VOCABULARY))
                .toArray();
    }

    private static float[] logProbs(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = -30 - i % 100;
        }
        return values;
    }

    /** Keeps what it gets. */
    private record Collector(List<AnalyzeResponse> messages) implements MessageSink<AnalyzeResponse> {
        @Override
        public void write(AnalyzeResponse message) {
            messages.add(message);
        }

        @Override
        public void hold(AnalyzeResponse message) {
            write(message);
        }

        @Override
        public void remark(AnalyzeResponse message) {}

        @Override
        public void offer(AnalyzeResponse message) {}

        @Override
        public void complete() {}

        @Override
        public void fail(Throwable failure) {}
    }

    /** An engine whose vocabulary has texts of 5,000 bytes. */
    private static final class LongTexts implements LensEngine {
        private final FakeLensEngine engine = FakeLensEngine.named("fake");

        @Override
        public ModelDescription description() {
            return engine.description();
        }

        @Override
        public Tokenizer tokenizer() {
            return new LongTokens();
        }

        @Override
        public long memoryNeed(LensPlan plan) {
            return engine.memoryNeed(plan);
        }

        @Override
        public void run(List<WantedPlan> plans, Interlude interlude) {
            engine.run(plans, interlude);
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private static final class LongTokens implements Tokenizer {
        private static final String TEXT = "x".repeat(5_000);

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
            return new VocabularyEntry(id, TEXT, TEXT.getBytes(StandardCharsets.UTF_8), id % 2 == 0);
        }

        @Override
        public int longestToken() {
            return TEXT.length();
        }

        @Override
        public TokenSpelling spelling() {
            return TokenSpelling.BYTE_LEVEL;
        }

        @Override
        public void close() {}
    }
}
