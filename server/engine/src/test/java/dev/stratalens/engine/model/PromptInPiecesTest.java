package dev.stratalens.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.TorchRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A prompt in pieces gives the same result as in one, in every family. */
class PromptInPiecesTest {

    private static final float ABSOLUTE = 1e-3f;
    private static final float RELATIVE = 1e-3f;

    /**
     * Cases that must differ, with the reason. Their first piece keeps the frequencies of a short prompt, while the
     * whole prompt is a long one; the reference does the same with a cache.
     */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "llama-rope-dynamic", "dynamic scaling: the base grows with the length of the prompt",
            "phi3-longrope-long", "LongRoPE: prompts longer than the original context have factors of their own");

    @BeforeAll
    static void asInProduction() {
        TorchRuntime.disableShapeSpecialization();
    }

    @ParameterizedTest
    @MethodSource("dev.stratalens.engine.parity.ParityCases#all")
    void aPromptInTwoPiecesIsThePromptInOne(ParityCase parity) {
        int[] ids = parity.tokenIds();
        try (var owned = new OwnedResources()) {
            Decoder decoder = decoder(parity, owned);
            List<float[]> whole = rows(decoder, List.of(), ids);
            var differing = new ArrayList<Integer>();
            for (int split : splits(ids.length)) {
                if (!agree(whole, inPieces(decoder, ids, split))) {
                    differing.add(split);
                }
            }
            if (EXCEPTIONS.containsKey(parity.name())) {
                assertFalse(differing.isEmpty(), "agrees: " + EXCEPTIONS.get(parity.name()));
            } else {
                assertEquals(List.of(), differing, "splits whose residual rows differ");
            }
        }
    }

    @Test
    void everyExceptionIsACase() {
        List<String> names = ParityCases.all().map(ParityCase::name).toList();
        assertTrue(names.containsAll(EXCEPTIONS.keySet()), EXCEPTIONS.keySet()::toString);
    }

    /** One case for each kind of attention: fused, by query rows, windowed, latent, with learned positions; and for each
     * other mixer and each kind of residual streams. */
    static Stream<ParityCase> kinds() {
        return Stream.of(
                        "gpt2",
                        "llama",
                        "gemma2",
                        "bloom",
                        "mixtral-window",
                        "deepseek_v3",
                        "gpt_oss",
                        "lfm2",
                        "qwen3_next",
                        "jamba",
                        "bamba",
                        "nemotron_h",
                        "falcon_h1",
                        "gemma3n_text",
                        "deepseek_v4")
                .map(ParityCases::named);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void tokenByTokenIsThePromptInOne(ParityCase parity) {
        int[] ids = parity.tokenIds();
        try (var owned = new OwnedResources()) {
            Decoder decoder = decoder(parity, owned);
            int[] splits = IntStream.range(1, ids.length).toArray();
            assertTrue(agree(rows(decoder, List.of(), ids), inPieces(decoder, ids, splits)));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void promptsWithDifferentPastsArePacked(ParityCase parity) {
        int[] ids = parity.tokenIds();
        int half = ids.length / 2;
        try (var owned = new OwnedResources()) {
            Decoder decoder = decoder(parity, owned);
            PromptState begun = owned.own(decoder.emptyState());
            PromptState fresh = owned.own(decoder.emptyState());
            List<float[]> first = rows(decoder, List.of(begun), Arrays.copyOf(ids, half));
            List<float[]> both = rows(decoder, List.of(fresh, begun), ids, Arrays.copyOfRange(ids, half, ids.length));
            List<float[]> whole = rows(decoder, List.of(), ids);

            int tokens = ids.length + ids.length - half;
            assertTrue(agree(whole, part(both, tokens, 0, ids.length)));
            assertTrue(agree(whole, joined(first, part(both, tokens, ids.length, tokens))));
            assertEquals(ids.length, begun.length());
            assertEquals(ids.length, fresh.length());
        }
    }

    /** A prompt that leaves before the last block can run again. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aPassThatDoesNotEndLeavesTheStateAsItWas(ParityCase parity) {
        int[] ids = parity.tokenIds();
        try (var owned = new OwnedResources()) {
            Decoder decoder = decoder(parity, owned);
            PromptState state = owned.own(decoder.emptyState());
            rows(decoder, List.of(state), Arrays.copyOf(ids, 2));
            decoder.forward(
                    List.of(state),
                    PackedPrompts.of(new int[] {1, 2, 3}),
                    (layer, residual, packed) -> packed.keeping(index -> layer < 0));

            assertEquals(2, state.length());
            List<float[]> rest = rows(decoder, List.of(state), Arrays.copyOfRange(ids, 2, ids.length));
            List<float[]> whole = rows(decoder, List.of(), ids);
            assertTrue(agree(part(whole, ids.length, 2, ids.length), rest));
        }
    }

    @Test
    void keepingAStateDoesNotChangeABit() {
        ParityCase parity = ParityCases.named("gemma2");
        try (var owned = new OwnedResources()) {
            Decoder decoder = decoder(parity, owned);
            List<float[]> without = rows(decoder, List.of(), parity.tokenIds());
            List<float[]> with = rows(decoder, List.of(owned.own(decoder.emptyState())), parity.tokenIds());
            for (int layer = 0; layer < without.size(); layer++) {
                assertArrayEquals(without.get(layer), with.get(layer), "layer " + (layer - 1));
            }
        }
    }

    /** One token and the rest, the rest and one token, and between. */
    /** One of them leaves a piece as long as the windows of most cases. */
    private static int[] splits(int tokens) {
        return IntStream.of(1, 2, tokens / 3, tokens / 2, tokens - 4, tokens - 1)
                .filter(split -> split > 0 && split < tokens)
                .distinct()
                .toArray();
    }

    private static List<float[]> inPieces(Decoder decoder, int[] ids, int... splits) {
        try (PromptState state = decoder.emptyState()) {
            List<float[]> all = rows(decoder, List.of(state), Arrays.copyOf(ids, splits[0]));
            for (int i = 0; i < splits.length; i++) {
                int end = i + 1 < splits.length ? splits[i + 1] : ids.length;
                all = joined(all, rows(decoder, List.of(state), Arrays.copyOfRange(ids, splits[i], end)));
            }
            assertEquals(ids.length, state.length());
            return all;
        }
    }

    /** Every layer's residual rows. */
    private static List<float[]> rows(Decoder decoder, List<PromptState> states, int[]... prompts) {
        var layers = new ArrayList<float[]>();
        decoder.forward(states, PackedPrompts.of(prompts), (layer, residual, packed) -> {
            layers.add(residual.floats());
            return packed;
        });
        return layers;
    }

    private static List<float[]> joined(List<float[]> first, List<float[]> second) {
        return IntStream.range(0, first.size())
                .mapToObj(layer -> {
                    float[] start = first.get(layer);
                    float[] end = second.get(layer);
                    float[] both = Arrays.copyOf(start, start.length + end.length);
                    System.arraycopy(end, 0, both, start.length, end.length);
                    return both;
                })
                .toList();
    }

    /** The rows of some tokens. They are not equally wide in all layers. */
    private static List<float[]> part(List<float[]> layers, int tokens, int first, int end) {
        return layers.stream()
                .map(layer -> {
                    int width = layer.length / tokens;
                    return Arrays.copyOfRange(layer, first * width, end * width);
                })
                .toList();
    }

    private static boolean agree(List<float[]> expected, List<float[]> actual) {
        Predicate<Integer> agrees = layer -> {
            float[] wanted = expected.get(layer);
            float[] found = actual.get(layer);
            return wanted.length == found.length
                    && IntStream.range(0, wanted.length)
                            .allMatch(i -> Math.abs(wanted[i] - found[i]) <= ABSOLUTE + RELATIVE * Math.abs(wanted[i]));
        };
        return IntStream.range(0, expected.size()).boxed().allMatch(agrees);
    }

    private static Decoder decoder(ParityCase parity, OwnedResources owned) {
        return owned.own(CausalLanguageModel.load(
                        CheckpointReader.open(parity.modelDirectory()), Precision.FLOAT32, (done, total) -> {}))
                .decoder();
    }
}
