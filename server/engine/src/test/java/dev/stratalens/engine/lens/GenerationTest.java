package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.architecture.mixer.Mixer;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.lens.generation.GenerationPlan;
import dev.stratalens.engine.lens.generation.NewToken;
import dev.stratalens.engine.lens.generation.Sampling;
import dev.stratalens.engine.lens.generation.StopCause;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.Continuation;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.NextToken;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.PromptState;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A generated text has the cells of the same text as a prompt, for each kind of mixer, and the tokens of transformers. */
class GenerationTest {

    private static final int TOKENS = 6;

    static final List<RequestedTarget> TARGETS =
            List.of(new RequestedTarget.NextToken(), new RequestedTarget.FinalTop(), new RequestedTarget.TokenId(7));

    private static final JsonObject GREEDY = JsonParser.parseReader(new InputStreamReader(
                    Objects.requireNonNull(GenerationTest.class.getResourceAsStream("/greedy/greedy.json")),
                    StandardCharsets.UTF_8))
            .getAsJsonObject();

    /** A case for each kind of mixer, of attention and of residual streams. */
    static Stream<String> kinds() {
        return Stream.concat(
                GREEDY.keySet().stream(),
                Stream.of("falcon_h1", "gemma3n_text", "gemma4_text-keys-as-values", "deepseek_v4", "bamba"));
    }

    @Test
    void eachMixerOfTheFamiliesHasACase() {
        assertEquals(programs(ParityCases.all()), programs(kinds().map(ParityCases::named)));
    }

    /** The texts of the mixers. */
    private static Set<List<String>> programs(Stream<ParityCase> cases) {
        return cases.map(ParityCase::modelDirectory)
                .distinct()
                .map(directory ->
                        Architectures.of(CheckpointReader.open(directory).config()))
                .flatMap(architecture ->
                        IntStream.range(0, architecture.extents().blocks()).mapToObj(architecture.mixer()))
                .map(Mixer::programs)
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theCellsAreThoseOfPromptAndGeneratedTokensAsOnePrompt(String name) {
        ParityCase parity = ParityCases.named(name);
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            LensPlan prompt = plan(lens, parity.tokenIds());
            lens.run(prompt, new RecordingListener(), () -> false); // makes what a model keeps, such as angles
            int before = lens.openTensors();
            WrittenText text = WrittenText.of(lens, prompt, greedy(TOKENS));
            assertEquals(TOKENS, text.tokens.size());
            assertIsAnalysis(lens, parity.tokenIds(), text);
            assertEquals(before, lens.openTensors(), "tensors");
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void greedyTokensAreThoseOfTransformers(String name) {
        ParityCase parity = ParityCases.named(name);
        JsonObject recorded = GREEDY.getAsJsonObject(name);
        int[] ids = ints(recorded, "ids");
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            int[] written = WrittenText.of(lens, plan(lens, parity.tokenIds()), greedy(ids.length))
                    .ids();
            for (int i = 0; i < ids.length; i++) {
                double margin = recorded.getAsJsonArray("margins").get(i).getAsDouble();
                if (margin < WrittenParity.TOLERANCE) {
                    return; // from here on, rounding decides
                }
                assertEquals(ids[i], written[i], "token " + i);
            }
        }
    }

    static Stream<String> recorded() {
        return GREEDY.keySet().stream();
    }

    private static int[] ints(JsonObject object, String key) {
        return object.getAsJsonArray(key).asList().stream()
                .mapToInt(each -> each.getAsInt())
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "qwen3_next", "gemma2"})
    void forcedTokensHaveTheCellsOfTheirText(String name) {
        ParityCase parity = ParityCases.named(name);
        List<Integer> forced = List.of(5, 9, 5, 11);
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            WrittenText text = WrittenText.of(
                    lens,
                    plan(lens, parity.tokenIds()),
                    new GenerationPlan(5, Optional.empty(), forced, List.of(), Set.of(9)));
            assertArrayEquals(new int[] {5, 9, 5, 11}, Arrays.copyOf(text.ids(), 4));
            assertEquals(
                    List.of(true, true, true, true, false),
                    text.tokens.stream().map(NewToken::forced).toList());
            assertIsAnalysis(lens, parity.tokenIds(), text);
        }
    }

    @Test
    void drawnTokensHaveTheCellsOfTheirTextAndTheSameSeedDrawsTheSame() {
        ParityCase parity = ParityCases.named("llama");
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            LensPlan prompt = plan(lens, parity.tokenIds());
            WrittenText text = WrittenText.of(lens, prompt, drawn(17));
            assertIsAnalysis(lens, parity.tokenIds(), text);
            assertArrayEquals(
                    text.ids(), WrittenText.of(lens, prompt, drawn(17)).ids());
            assertNotEquals(
                    Arrays.toString(text.ids()),
                    Arrays.toString(WrittenText.of(lens, prompt, drawn(18)).ids()));
        }
    }

    private static GenerationPlan drawn(long seed) {
        return new GenerationPlan(
                TOKENS, Optional.of(new Sampling(3, 1 << 20, 0.99, seed)), List.of(), List.of(), Set.of());
    }

    /** Plans without targets read the output together with other cells, and need no logits for the best token. */
    @Test
    void aPlanWithoutTargetsFindsTheSameTokens() {
        ParityCase parity = ParityCases.named("llama");
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            LensPlan plain = LensPlanner.plan(
                            RequestedPlan.builder(new LensPrompt.TokenIds(parity.tokenIds()))
                                    .positions(List.of())
                                    .build(),
                            lens.description(),
                            lens.tokenizer())
                    .plan();
            for (GenerationPlan options : List.of(greedy(TOKENS), drawn(3))) {
                assertArrayEquals(
                        WrittenText.of(lens, plan(lens, parity.tokenIds()), options)
                                .ids(),
                        WrittenText.of(lens, plain, options).ids());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "qwen3_next", "bloom"})
    void severalTogetherAreWhatEachIsAlone(String name) {
        ParityCase parity = ParityCases.named(name);
        int[] ids = parity.tokenIds();
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            List<LensPlan> prompts = List.of(
                    plan(lens, ids), plan(lens, Arrays.copyOf(ids, 3)), plan(lens, Arrays.copyOfRange(ids, 2, 8)));
            List<WrittenText> together = WrittenText.together(lens, prompts, greedy(TOKENS));
            for (int i = 0; i < prompts.size(); i++) {
                WrittenText alone = WrittenText.of(lens, prompts.get(i), greedy(TOKENS));
                assertArrayEquals(alone.ids(), together.get(i).ids());
                assertIsAnalysis(lens, prompts.get(i).tokenIds(), together.get(i));
            }
        }
    }

    @Test
    void aStepBesideAWholePromptChangesNeither() {
        ParityCase parity = ParityCases.named("llama");
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR);
                PromptState state = lens.emptyState()) {
            LensPlan prompt = plan(lens, parity.tokenIds());
            var alone = new RecordingListener();
            lens.run(prompt, alone, () -> false);
            var begun = new RecordingListener();
            var whole = new RecordingListener();
            var continuation = new Continuation(state, Optional.of(new NextToken.Best()));
            lens.run(
                    List.of(
                            new WantedPlan(prompt, whole, () -> false),
                            new WantedPlan(prompt, begun, () -> false, Optional.of(continuation))),
                    Interlude.NONE);
            for (int layer = 0; layer < alone.layers.size(); layer++) {
                assertArrayEquals(
                        whole.layers.get(layer).topIds(),
                        alone.layers.get(layer).topIds());
                assertArrayEquals(
                        whole.layers.get(layer).topIds(),
                        begun.layers.get(layer).topIds());
            }
            assertEquals(parity.tokens(), state.length());
        }
    }

    @Test
    void theStateOfABlockIsWhereTheBlockIs() {
        ParityCase parity = ParityCases.named("llama");
        Placer stages = sizes -> Placement.inStages(
                IntStream.range(0, 2).mapToObj(Device::cpu).toList(),
                sizes.blocks().size());
        try (LoadedModel one = SitesParityTest.loaded(parity, Placer.PROCESSOR);
                LoadedModel two = SitesParityTest.loaded(parity, stages)) {
            assertArrayEquals(
                    WrittenText.of(one, plan(one, parity.tokenIds()), greedy(TOKENS))
                            .ids(),
                    WrittenText.of(two, plan(two, parity.tokenIds()), greedy(TOKENS))
                            .ids());
        }
    }

    @Test
    void onlyTheFirstPassIsChecked() {
        ParityCase parity = ParityCases.named("gpt2");
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            WrittenText text = WrittenText.of(lens, plan(lens, parity.tokenIds()), greedy(2));
            List<Boolean> checked = text.rows.stream()
                    .map(row -> !Objects.requireNonNull(row.outcome)
                            .selfCheck()
                            .positions()
                            .isEmpty())
                    .toList();
            assertEquals(List.of(true, false, false), checked);
        }
    }

    @Test
    void endTokensEndTheTextAndTheirRowIsRead() {
        ParityCase parity = ParityCases.named("gpt2");
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            int[] free = WrittenText.of(lens, plan(lens, parity.tokenIds()), greedy(TOKENS))
                    .ids();
            int end = free[2];
            int first = IntStream.range(0, 3)
                    .filter(i -> free[i] == end)
                    .findFirst()
                    .orElseThrow();
            WrittenText text = WrittenText.of(
                    lens,
                    plan(lens, parity.tokenIds()),
                    new GenerationPlan(TOKENS, Optional.empty(), List.of(), List.of(), Set.of(end)));
            assertEquals(StopCause.END_TOKEN, text.end().cause());
            assertEquals(first + 1, text.tokens.size());
            assertEquals("", text.tokens.get(first).text());
            assertEquals(text.tokens.size() + 1, text.rows.size());
        }
    }

    static GenerationPlan greedy(int tokens) {
        return new GenerationPlan(tokens, Optional.empty(), List.of(), List.of(), Set.of());
    }

    /** Every number of every cell. */
    static RequestedPlan.Builder everything(int[] ids) {
        return RequestedPlan.builder(new LensPrompt.TokenIds(ids))
                .targets(TARGETS)
                .statistics(Arrays.asList(Statistic.values()))
                .trajectories(0);
    }

    private static LensPlan plan(LoadedModel lens, int[] ids) {
        return LensPlanner.plan(everything(ids).build(), lens.description(), lens.tokenizer())
                .plan();
    }

    private static void assertIsAnalysis(LoadedModel lens, int[] prompt, WrittenText text) {
        LensPlan plan = plan(lens, text.after(prompt));
        var whole = new RecordingListener();
        lens.run(plan, whole, () -> false);
        WrittenParity.assertIsAnalysis(plan, whole, prompt.length, text);
    }
}
