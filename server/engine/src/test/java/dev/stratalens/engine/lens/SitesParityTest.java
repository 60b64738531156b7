package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.parity.TensorFile;
import dev.stratalens.engine.tensor.Device;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares what the logit lens reads inside blocks with hooks in transformers, for every site, position and statistic. */
class SitesParityTest {

    /** The sites that lenses read, in the order of the recorded values. */
    private static final List<Site> RECORDED =
            List.of(Site.ATTENTION_OUTPUT, Site.ATTENTION_RESIDUAL, Site.FEED_FORWARD_OUTPUT, Site.BLOCK_OUTPUT);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2",
                "llama",
                "gpt_neox",
                "phi",
                "gemma2",
                "mixtral",
                "qwen3_5",
                "nemotron_h",
                "granite",
                "falcon_h1"
            })
    void everySitePositionAndStatisticAgreesWithTransformers(String name) {
        ParityCase parity = ParityCases.named(name);
        TensorFile values = values(name);
        ParityCase expected = new ParityCase(name + ", sites", parity.directory(), parity.modelDirectory(), "", values);
        try (LoadedModel lens = loaded(parity, Placer.PROCESSOR)) {
            LensPlan plan = plan(parity, lens, sitesOf(lens));
            RecordingListener result = run(lens, plan);
            assertEquals(recorded(values), plan.readPoints());
            assertAll(result.layers.stream().map(readout -> () -> {
                for (int position = 0; position < parity.tokens(); position++) {
                    // The recorded values have a row for each read point, which count from -1.
                    new CellParity(expected, parity)
                            .assertCell(result.targets(), readout, readout.readPoint() - 1, position);
                }
            }));
            assertEquals(plan.readPoints().size(), result.layers.size());
        }
    }

    private static List<ReadPoint> recorded(TensorFile values) {
        int[] blocks = values.ints("blocks");
        int[] sites = values.ints("sites");
        return IntStream.range(0, blocks.length)
                .mapToObj(row -> new ReadPoint(blocks[row], RECORDED.get(sites[row])))
                .toList();
    }

    /** To read inside a block changes nothing of what else is read. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "qwen3_5"})
    void layersHaveTheSameBitsWithAndWithoutSites(String name) {
        ParityCase parity = ParityCases.named(name);
        try (LoadedModel lens = loaded(parity, Placer.PROCESSOR)) {
            RecordingListener without = run(lens, plan(parity, lens, List.of()));
            LensPlan plan = plan(parity, lens, sitesOf(lens));
            List<CellReadout> layers = run(lens, plan).layers.stream()
                    .filter(readout ->
                            plan.readPoints().get(readout.readPoint()).isLayer())
                    .toList();
            assertEquals(without.layers.size(), layers.size());
            for (int layer = 0; layer < layers.size(); layer++) {
                assertArrayEquals(
                        without.layers.get(layer).logSumExps(),
                        layers.get(layer).logSumExps());
                assertArrayEquals(
                        without.layers.get(layer).topLogProbs(),
                        layers.get(layer).topLogProbs());
            }
        }
    }

    /** Rows come from the device of their block. */
    @Test
    void stagesGiveTheSameBits() {
        ParityCase parity = ParityCases.named("gpt2");
        Placer stages = sizes -> Placement.inStages(
                IntStream.range(0, 3).mapToObj(Device::cpu).toList(),
                sizes.blocks().size());
        try (LoadedModel one = loaded(parity, Placer.PROCESSOR);
                LoadedModel three = loaded(parity, stages)) {
            List<CellReadout> whole = run(one, plan(parity, one, sitesOf(one))).layers;
            List<CellReadout> parts = run(three, plan(parity, three, sitesOf(three))).layers;
            assertEquals(whole.size(), parts.size());
            for (int i = 0; i < whole.size(); i++) {
                assertArrayEquals(whole.get(i).topLogProbs(), parts.get(i).topLogProbs());
            }
        }
    }

    /** Packed with a prompt whose plan reads other sites, in other blocks, or none. */
    @Test
    void promptsOfOnePassMayReadDifferentSites() {
        ParityCase parity = ParityCases.named("gpt2");
        try (LoadedModel lens = loaded(parity, Placer.PROCESSOR)) {
            LensPlan sites = plan(parity, lens, List.of(Site.FEED_FORWARD_OUTPUT));
            LensPlan layers = plan(parity, lens, List.of());
            RecordingListener alone = run(lens, sites);
            var first = new RecordingListener();
            var second = new RecordingListener();
            lens.run(
                    List.of(new WantedPlan(layers, first, () -> false), new WantedPlan(sites, second, () -> false)),
                    Interlude.NONE);
            assertEquals(layers.readPoints().size(), first.layers.size());
            assertEquals(sites.readPoints().size(), second.layers.size());
            for (int point = 0; point < sites.readPoints().size(); point++) {
                float[] expected = alone.layers.get(point).logSumExps();
                float[] actual = second.layers.get(point).logSumExps();
                for (int position = 0; position < expected.length; position++) {
                    CellParity.assertClose(expected[position], actual[position], "read point " + point);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gpt_neox, ATTENTION_RESIDUAL, 'attention-output, feed-forward-output, block-output'",
        "falcon_mamba, FEED_FORWARD_OUTPUT, 'attention-output, block-output'",
        "mamba2, ATTENTION_RESIDUAL, 'attention-output, block-output'"
    })
    void aSiteThatTheFamilyDoesNotHaveIsRefusedByName(String name, Site site, String others) {
        ParityCase parity = ParityCases.named(name);
        try (LoadedModel lens = loaded(parity, Placer.PROCESSOR)) {
            var refusal = assertThrows(
                    InvalidFieldException.class, () -> plan(parity, lens, List.of(Site.BLOCK_OUTPUT, site)));
            assertEquals("sites[1]", refusal.field());
            assertTrue(
                    Stream.of(site.inWords(), others).allMatch(refusal.getMessage()::contains), refusal.getMessage());
        }
    }

    private static List<Site> sitesOf(LoadedModel lens) {
        Set<Site> sites = EnumSet.noneOf(Site.class);
        lens.description().sites().forEach(sites::addAll);
        sites.removeAll(Set.of(Site.EMBEDDING, Site.ATTENTION_HEADS));
        return List.copyOf(sites);
    }

    private static RecordingListener run(LoadedModel lens, LensPlan plan) {
        var result = new RecordingListener();
        lens.run(plan, result, () -> false);
        return result;
    }

    private static LensPlan plan(ParityCase parity, LoadedModel lens, List<Site> sites) {
        RequestedPlan request = RequestedPlan.builder(new LensPrompt.TokenIds(parity.tokenIds()))
                .sites(sites)
                .topK(CellParity.TOP_K)
                .targets(CellParity.TARGETS.stream()
                        .map(target -> target.target())
                        .toList())
                .statistics(Arrays.asList(Statistic.values()))
                .build();
        return LensPlanner.plan(request, lens.description(), lens.tokenizer(), lens.knownLenses())
                .plan();
    }

    static LoadedModel loaded(ParityCase parity, Placer placer) {
        CausalLanguageModel model = FittedLensParityTest.model(parity, placer);
        HeadKernel kernel = HeadForm.PROCESSOR.of(model.head(), new TileGeometry(64, 256));
        return new LoadedModel(parity.name(), model, new FakeTokenizer(), kernel, 2);
    }

    static TensorFile values(String name) {
        try {
            return TensorFile.of(Path.of(Objects.requireNonNull(SitesParityTest.class.getResource("/sites"))
                            .toURI())
                    .resolve(name + ".safetensors"));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
