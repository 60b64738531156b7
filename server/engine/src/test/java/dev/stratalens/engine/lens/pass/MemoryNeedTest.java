package dev.stratalens.engine.lens.pass;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryNeedTest {

    private static final Device FIRST = Device.cuda(0);
    private static final Device SECOND = Device.cuda(1);

    private final ParityCase parity = ParityCases.named("llama");
    private final CausalLanguageModel model = CausalLanguageModel.load(
            CheckpointReader.open(parity.modelDirectory()), Precision.FLOAT32, (done, total) -> {});
    private final HeadKernel kernel = HeadForm.DEVICE.of(model.head(), new TileGeometry(64, 256));

    @AfterEach
    void close() {
        kernel.close();
        model.close();
    }

    @Test
    void rowsCountWhereTheHeadIsAndBlocksWhereTheyAre() {
        int blocks = parity.layers();
        Map<Device, Long> one = needs(Placement.on(FIRST, blocks));
        Map<Device, Long> two = needs(Placement.inStages(List.of(FIRST, SECOND), blocks));
        long cells = on(one, Device.CPU);

        assertEquals(on(one, FIRST), on(two, SECOND), "with the head");
        assertTrue(on(two, FIRST) < on(two, SECOND), two.toString());
        assertEquals(cells, on(two, Device.CPU));
        assertTrue(cells < on(two, FIRST), two.toString());
    }

    @Test
    void aHeadOnTheProcessorNeedsItsRowsThere() {
        Placement cards = Placement.on(FIRST, parity.layers());
        Map<Device, Long> apart = needs(new Placement(cards.stages(), Device.CPU));

        assertTrue(on(apart, Device.CPU) > on(needs(cards), Device.CPU), apart.toString());
        assertTrue(on(apart, FIRST) < on(needs(cards), FIRST), apart.toString());
    }

    @Test
    void aRequestNeedsAsMuchAsOnItsFullestDevice() {
        Placement two = Placement.inStages(List.of(FIRST, SECOND), parity.layers());

        assertEquals(on(needs(two), SECOND), need(two).bytes(plan()));
        // On the processor alone, everything adds up.
        assertEquals(
                needs(Placement.on(FIRST, parity.layers())).values().stream()
                        .mapToLong(Long::longValue)
                        .sum(),
                need(Placement.on(Device.CPU, parity.layers())).bytes(plan()));
    }

    /** Rows of sites are kept like those of layers, and attention heads beside them. */
    @Test
    void sitesAndAttributionNeedTheirRows() {
        MemoryNeed need = need(Placement.on(Device.CPU, parity.layers()));
        long row = (long) parity.hiddenSize() * Float.BYTES * parity.tokens();
        LensPlan layers = plan();
        LensPlan sites = withParts(layers, List.of(Site.ATTENTION_OUTPUT), List.of());
        LensPlan attributed = withParts(layers, List.of(), List.of(Site.ATTENTION_HEADS, Site.ATTENTION_OUTPUT));

        assertTrue(need.bytes(sites) >= need.bytes(layers) + parity.layers() * row);
        assertTrue(need.bytes(attributed) >= need.bytes(layers) + 2L * parity.layers() * row);
    }

    private LensPlan withParts(LensPlan plan, List<Site> read, List<Site> attributed) {
        List<ReadPoint> points = Stream.concat(plan.readPoints().stream(), points(read).stream())
                .sorted()
                .toList();
        LensPlan more = new LensPlan(
                plan.tokenIds(),
                plan.lenses(),
                points,
                plan.positions(),
                plan.topK(),
                List.of(new PlannedTarget(new RequestedTarget.TokenId(7), List.of(7))),
                plan.statistics(),
                plan.minimumPeak());
        return new LensPlan(
                more.tokenIds(),
                more.lenses(),
                more.readPoints(),
                more.positions(),
                more.topK(),
                more.targets(),
                more.statistics(),
                more.minimumPeak(),
                more.coverage(),
                points(attributed),
                more.candidates(),
                more.interventions());
    }

    private List<ReadPoint> points(List<Site> sites) {
        return IntStream.range(0, parity.layers())
                .boxed()
                .flatMap(block -> sites.stream().map(site -> new ReadPoint(block, site)))
                .toList();
    }

    private static long on(Map<Device, Long> needs, Device device) {
        return requireNonNull(needs.get(device));
    }

    private Map<Device, Long> needs(Placement placement) {
        return need(placement).byDevice(plan());
    }

    private MemoryNeed need(Placement placement) {
        return new MemoryNeed(model.architecture(), placement, model.head().computeType(), kernel);
    }

    private LensPlan plan() {
        return new LensPlan(
                parity.tokenIds(),
                List.of(new RequestedLens.Logit()),
                ReadPoints.layers(IntStream.range(0, parity.layers()).toArray()),
                IntStream.range(0, parity.tokens()).toArray(),
                5,
                List.of(),
                EnumSet.of(Statistic.ENTROPY),
                OptionalDouble.empty());
    }
}
