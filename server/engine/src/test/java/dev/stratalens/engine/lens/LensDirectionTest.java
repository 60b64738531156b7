package dev.stratalens.engine.lens;

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
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedIntervention;
import dev.stratalens.engine.lens.request.RequestedIntervention.Direction;
import dev.stratalens.engine.lens.request.RequestedIntervention.Measure;
import dev.stratalens.engine.lens.request.RequestedIntervention.Rows;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.transport.FittedLens;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.parity.TensorFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The direction of a token through a fitted lens is the token's row of the unembedding times the map. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LensDirectionTest {

    private static final ParityCase PARITY = ParityCases.named("gpt2");
    private static final int WIDTH = PARITY.hiddenSize();
    private static final int TOKEN = 7;
    private static final int LAYER = 1;

    @TempDir
    private Path folder;

    private CausalLanguageModel model;

    @BeforeAll
    void load() {
        model = FittedLensParityTest.model(PARITY, Placer.PROCESSOR);
    }

    @AfterAll
    void close() {
        model.close();
    }

    private static float[] matrix() {
        var matrix = new float[WIDTH * WIDTH];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = (i * 13 % 29 - 14) / 40f;
        }
        return matrix;
    }

    /** Without the map of another layer. */
    private FittedLens lens(String form) {
        return new WrittenLens(WIDTH, form)
                .map(ReadPoint.layer(LAYER), matrix(), new float[WIDTH])
                .in(folder.resolve(form + ".safetensors"));
    }

    /** w M, and w beside it where the map is added to its row. */
    private static float[] expected(String form) {
        float[] row = TensorFile.ofModel(PARITY.modelDirectory()).floats("wte.weight", TOKEN * WIDTH, WIDTH);
        float[] matrix = matrix();
        var direction = new float[WIDTH];
        for (int column = 0; column < WIDTH; column++) {
            double sum = form.equals("residual") ? row[column] : 0;
            for (int i = 0; i < WIDTH; i++) {
                sum += (double) row[i] * matrix[i * WIDTH + column];
            }
            direction[column] = (float) sum;
        }
        return direction;
    }

    private static RequestedPlan steered(int layer, Direction direction) {
        return RequestedPlan.builder(new LensPrompt.TokenIds(PARITY.tokenIds()))
                .interventions(List.of(new RequestedIntervention(
                        Rows.at(Site.BLOCK_OUTPUT).layers(IndexRange.of(layer)),
                        new RequestedIntervention.Add(direction, 3, Measure.FACTOR, OptionalDouble.empty()))))
                .build();
    }

    private static RequestedIntervention.TokenDirection through(Optional<String> lens) {
        return new RequestedIntervention.TokenDirection(new RequestedTarget.TokenId(TOKEN), lens);
    }

    private static float[] output(LoadedModel lens, Direction direction) {
        LensPlan plan = LensPlanner.plan(
                        steered(LAYER, direction), lens.description(), lens.tokenizer(), lens.knownLenses())
                .plan();
        var result = new RecordingListener();
        lens.run(plan, result, () -> false);
        return result.layers.get(result.layers.size() - 1).logSumExps();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "residual"})
    void aDirectionThroughALensIsThatOfTheTokenTimesItsMap(String form) {
        try (Lenses lenses = FittedLensParityTest.lenses(model, Map.of("fitted", lens(form)));
                HeadKernel kernel = HeadForm.PROCESSOR.of(model.head(), new TileGeometry(64, 256))) {
            var lens = new LoadedModel("gpt2", model, new FakeTokenizer(), kernel, lenses, 2);
            float[] found = output(lens, through(Optional.of("fitted")));
            float[] given = output(lens, new RequestedIntervention.Vector(expected(form)));
            float[] without = output(lens, through(Optional.empty()));
            float apart = 0;
            for (int position = 0; position < given.length; position++) {
                CellParity.assertClose(given[position], found[position], "position " + position);
                apart = Math.max(apart, Math.abs(found[position] - without[position]));
            }
            assertTrue(apart > 0.01, "the map makes no difference: " + apart);
        }
    }

    @Test
    void aLensWithoutAMapForTheLayerIsRefused() {
        try (Lenses lenses = FittedLensParityTest.lenses(model, Map.of("fitted", lens("plain")));
                HeadKernel kernel = HeadForm.PROCESSOR.of(model.head(), new TileGeometry(64, 256))) {
            var lens = new LoadedModel("gpt2", model, new FakeTokenizer(), kernel, lenses, 2);
            var refused = assertThrows(
                    InvalidFieldException.class,
                    () -> LensPlanner.plan(
                            steered(0, through(Optional.of("fitted"))),
                            lens.description(),
                            lens.tokenizer(),
                            lens.knownLenses()));
            assertEquals("interventions[0].add.direction.token.lens", refused.field());
        }
    }
}
