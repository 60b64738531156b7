package dev.stratalens.client.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Struct;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.UnpairedSurrogateException;
import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.Token;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.Chat;
import dev.stratalens.v1.LogitLens;
import dev.stratalens.v1.PositionTarget;
import dev.stratalens.v1.RawLens;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TokenIds;
import dev.stratalens.v1.TrajectoryOptions;
import dev.stratalens.v1.TransportLens;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LensRequestTest {

    @Test
    void asksForTheUsefulThingsByDefault() {
        assertEquals(
                AnalyzeRequest.newBuilder()
                        .setPrompt(dev.stratalens.v1.Prompt.newBuilder().setText(" The prompt "))
                        .setTopK(5)
                        .addStatistics(dev.stratalens.v1.Statistic.STATISTIC_LOG_SUM_EXP)
                        .addStatistics(dev.stratalens.v1.Statistic.STATISTIC_ENTROPY)
                        .addStatistics(dev.stratalens.v1.Statistic.STATISTIC_KL_FROM_FINAL)
                        .setTrajectories(TrajectoryOptions.getDefaultInstance())
                        .setNumberForm(dev.stratalens.v1.NumberForm.NUMBER_FORM_COMPACT)
                        .build(),
                RequestWriter.write(LensRequest.of(" The prompt ").build()));
    }

    /** Over the wire each of them would arrive as a question mark. */
    static Stream<Arguments> textsThatAreSent() {
        return Stream.of(
                Arguments.of("text", (Consumer<String>) LensRequest::of),
                Arguments.of("model", (Consumer<String>)
                        text -> LensRequest.of("a").model(text).build()),
                Arguments.of("requestId", (Consumer<String>)
                        text -> LensRequest.of("a").requestId(text).build()),
                Arguments.of("target", (Consumer<String>) LensTarget::text),
                Arguments.of("role", (Consumer<String>) text -> ChatMessage.of(text, "a")),
                Arguments.of("content", (Consumer<String>) text -> ChatMessage.of("user", text)),
                Arguments.of("model", (Consumer<String>)
                        text -> TokenizeRequest.of("a").model(text)),
                Arguments.of("text", (Consumer<String>) TokenizeRequest::of),
                Arguments.of("model", onNoServer((client, text) -> client.model(text))),
                Arguments.of("model", onNoServer((client, text) -> client.loadModel(text))),
                Arguments.of("model", onNoServer((client, text) -> client.unloadModel(text))),
                Arguments.of(
                        "model",
                        onNoServer(
                                (client, text) -> client.renderChat(text, Prompt.chat(ChatMessage.of("user", "a"))))));
    }

    private static Consumer<String> onNoServer(BiConsumer<LensClient, String> call) {
        return text -> {
            try (LensClient client = LensClient.inProcess("no such server")) {
                call.accept(client, text);
            }
        };
    }

    @ParameterizedTest
    @MethodSource("textsThatAreSent")
    void halfACharacterIsRefusedWithItsPlace(String name, Consumer<String> use) {
        Map.of("ab\ud83d", 2, "\ude00", 0, "\ud83d\ude00\ud83dx", 2, "\ude00\ud83d", 0)
                .forEach((text, index) -> {
                    UnpairedSurrogateException refusal =
                            assertThrows(UnpairedSurrogateException.class, () -> use.accept(text));
                    assertEquals(index, refusal.index());
                    String message = String.valueOf(refusal.getMessage());
                    String place =
                            "(U+%04X, an unpaired surrogate) at index %d;".formatted((int) text.charAt(index), index);
                    assertTrue(message.startsWith(name + ": ") && message.contains(place), message);
                });
    }

    @Test
    void wholeCharactersOfAnyPlaneAreSentAsTheyAre() {
        String text = "\ud83d\ude00\ud83d\ude00 \uffff\u0000";
        assertEquals(
                text,
                RequestWriter.write(LensRequest.of(text).build()).getPrompt().getText());
    }

    @Test
    void everyPartReachesTheWire() {
        LensRequest request = LensRequest.ofTokenIds(3, 1, 2)
                .model("m")
                .withoutSpecialTokens()
                .layers(IndexRange.of(2), IndexRange.of(4, 9), IndexRange.everyNth(3), IndexRange.of(-3, -1))
                .includeEmbedding()
                .positions(IndexRange.from(1))
                .topK(7)
                .target(LensTarget.nextToken(), LensTarget.finalTop())
                .target(LensTarget.id(464), LensTarget.text(" Paris"))
                .statistics(Statistic.KL_FROM_NEXT)
                .trajectories(Trajectories.all().withMinimumPeak(0.5))
                .exact()
                .lenses(Lens.logit(), Lens.raw(), Lens.transport("tuned"))
                .requestId("r-1")
                .timeout(Duration.ofSeconds(3))
                .build();
        assertEquals(
                AnalyzeRequest.newBuilder()
                        .setModel("m")
                        .setPrompt(dev.stratalens.v1.Prompt.newBuilder()
                                .setTokenIds(TokenIds.newBuilder()
                                        .addIds(3)
                                        .addIds(1)
                                        .addIds(2)))
                        .addLenses(dev.stratalens.v1.Lens.newBuilder().setLogit(LogitLens.getDefaultInstance()))
                        .addLenses(dev.stratalens.v1.Lens.newBuilder().setRaw(RawLens.getDefaultInstance()))
                        .addLenses(dev.stratalens.v1.Lens.newBuilder()
                                .setTransport(TransportLens.newBuilder().setName("tuned")))
                        .addLayers(range(2, 2, 1))
                        .addLayers(range(4, 9, 1))
                        .addLayers(range(0, -1, 3))
                        .addLayers(range(-3, -1, 1))
                        .addSites(dev.stratalens.v1.Site.SITE_EMBEDDING)
                        .addSites(dev.stratalens.v1.Site.SITE_BLOCK_OUTPUT)
                        .addPositions(range(1, -1, 1))
                        .setTopK(7)
                        .addTargets(Target.newBuilder().setPositionTarget(PositionTarget.POSITION_TARGET_NEXT_TOKEN))
                        .addTargets(Target.newBuilder().setPositionTarget(PositionTarget.POSITION_TARGET_FINAL_TOP))
                        .addTargets(Target.newBuilder().setId(464))
                        .addTargets(Target.newBuilder().setText(" Paris"))
                        .addStatistics(dev.stratalens.v1.Statistic.STATISTIC_KL_FROM_NEXT)
                        .setTrajectories(TrajectoryOptions.newBuilder().setMinPeakProbability(0.5f))
                        .setNumberForm(dev.stratalens.v1.NumberForm.NUMBER_FORM_FLOAT32)
                        .setRequestId("r-1")
                        .build(),
                RequestWriter.write(request));
        assertEquals(request, request.toBuilder().build());
        assertEquals(List.of(3, 1, 2), ((Prompt.TokenIds) request.prompt()).ids());
    }

    @Test
    void aChatReachesTheWireWithWhatItsTemplateIsTold() {
        Prompt.Chat chat = Prompt.Chat.of(List.of(ChatMessage.of("user", "Hi")))
                .withArgument("enable_thinking", false)
                .withArgument("names", List.of("a", 2))
                .withoutGenerationPrompt();
        Chat wire =
                RequestWriter.write(LensRequest.of(chat).build()).getPrompt().getChat();
        assertEquals("Hi", wire.getMessages(0).getContent());
        assertTrue(wire.getOmitGenerationPrompt());
        Struct arguments = wire.getTemplateArguments();
        assertEquals(false, arguments.getFieldsOrThrow("enable_thinking").getBoolValue());
        assertEquals(
                2,
                arguments.getFieldsOrThrow("names").getListValue().getValues(1).getNumberValue());
    }

    @Test
    void everyStatisticIsDescribedByTheContract() {
        assertEquals(
                List.of("log-sum-exp", "entropy", "kl-from-final", "kl-from-next"),
                Statistic.all().stream().map(Statistic::name).limit(4).toList());
        for (Statistic statistic : Statistic.all()) {
            assertEquals(statistic, Statistic.named(statistic.name()));
            assertTrue(!statistic.label().isEmpty() && !statistic.unit().isEmpty(), statistic.name());
            assertTrue(statistic.meaning().endsWith("."), statistic.meaning());
        }
        assertEquals(Statistic.Direction.LESS_IS_SURER, Statistic.ENTROPY.direction());
        assertEquals(OptionalDouble.of(0), Statistic.ENTROPY.minimum());
        assertEquals(OptionalDouble.of(Math.log(3)), Statistic.ENTROPY.maximum(3));
        assertEquals(OptionalDouble.empty(), Statistic.ENTROPY.maximum(0));
        assertTrue(Statistic.KL_FROM_NEXT.remark().isPresent());
    }

    @Test
    void noTrajectoriesMeansNoOptions() {
        LensRequest request =
                LensRequest.of("p").trajectories(Trajectories.none()).build();
        assertEquals(false, RequestWriter.write(request).hasTrajectories());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeIsNamedWithItsRemedy(String expectedWords, Executable mistake) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, mistake);
        assertTrue(String.valueOf(error.getMessage()).contains(expectedWords), error.getMessage());
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "topK 0 is outside 1 .. 100",
                        () -> LensRequest.of("p").topK(0).build()),
                mistake(
                        "topK 101 is outside 1 .. 100",
                        () -> LensRequest.of("p").topK(101).build()),
                mistake(
                        "is not positive",
                        () -> LensRequest.of("p").timeout(Duration.ZERO).build()),
                mistake("ends before it starts", () -> IndexRange.of(-1, -3)),
                mistake(
                        "a lens occurs twice",
                        () -> LensRequest.of("p").lenses(Lens.raw(), Lens.raw()).build()),
                mistake(
                        "there is no statistic \"perplexity\"; there are log-sum-exp, entropy",
                        () -> Statistic.named("perplexity")),
                mistake("there is no lens \"tuned\"", () -> Lens.named("tuned")),
                mistake("a chat has one message or more", () -> LensRequest.ofChat()),
                mistake("a chat has one message or more", () -> Prompt.Chat.of(List.of())),
                mistake("ends before it starts", () -> IndexRange.of(5, 4)),
                mistake("stride 0 is below 1", () -> IndexRange.everyNth(0)),
                mistake("token id -1 is negative", () -> LensTarget.id(-1)),
                mistake("token id -2 is negative", () -> LensRequest.ofTokenIds(1, -2)),
                mistake("give a word", () -> LensTarget.text("")),
                mistake("is no probability", () -> Trajectories.all().withMinimumPeak(1.1)),
                mistake("is no probability", () -> Trajectories.all().withMinimumPeak(Double.NaN)),
                mistake("is not ascending", () -> PromptToken.of(Token.of(1, "a", "a"), 2, 1)),
                mistake("give host:port", () -> LensClient.builder(" ")),
                mistake("is not positive", () -> LensClient.builder("h:1").timeout(Duration.ofSeconds(-1))));
    }

    private static Arguments mistake(String expectedWords, Executable mistake) {
        return Arguments.of(expectedWords, mistake);
    }

    private static dev.stratalens.v1.IndexRange range(int first, int last, int stride) {
        return dev.stratalens.v1.IndexRange.newBuilder()
                .setFirst(first)
                .setLast(last)
                .setStride(stride)
                .build();
    }
}
