package dev.stratalens.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.LensInfo;
import dev.stratalens.client.request.Candidates;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.Trajectory;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fitted lenses of a served model. */
@Timeout(120)
class FittedLensesOverTcpTest {

    private static final Lens TUNED = Lens.transport("tuned");
    private static final Lens JACOBIAN = Lens.transport("jacobian");
    private static final Lens CLUSTERED = Lens.transport("clustered");

    private static final ServedFixtures SERVED = ServedFixtures.withLenses(
            "gpt2", Map.of("tuned", "tuned", "jacobian", "jacobian.pt", "clustered", "clustered.pt"));
    private static final LensClient CLIENT = SERVED.client();

    @BeforeAll
    static void warm() {
        CLIENT.analyze(request(Lens.logit()).build());
    }

    @AfterAll
    static void stop() {
        SERVED.close();
    }

    private static LensRequest.Builder request(Lens... lenses) {
        return LensRequest.of(" the café in is")
                .lenses(lenses)
                .includeEmbedding()
                .target(LensTarget.nextToken(), LensTarget.finalTop())
                .statistics(Statistic.all().toArray(Statistic[]::new));
    }

    @Test
    void theModelListsItsLenses() {
        List<LensInfo> lenses = CLIENT.model("gpt2").facts().orElseThrow().lenses();

        assertEquals(3, lenses.size());
        LensInfo tuned = lenses.stream()
                .filter(lens -> lens.name().equals("tuned"))
                .findFirst()
                .orElseThrow();
        assertTrue(tuned.residual());
        assertTrue(tuned.hasEmbedding());
        assertEquals(List.of(0, 1), tuned.layers());
        assertEquals("tuned-lens", tuned.fittedBy());
        assertEquals(List.of(), tuned.warnings());
        assertEquals(3 * (24 * 24 + 24) * Float.BYTES, tuned.memoryBytes());
        assertTrue(CLIENT.serverInfo().features().contains("lens.transport"));
    }

    @Test
    void eachLensHasItsOwnLayersAndTheLastOneIsTheModels() {
        LensResult logit = CLIENT.analyze(
                request(Lens.logit(), TUNED, JACOBIAN, CLUSTERED).exact().build());
        int last = logit.lastPosition();

        assertEquals(List.of(-1, 0, 1, 2), logit.layers());
        assertEquals(List.of(-1, 0, 1, 2), logit.through(TUNED).layers());
        assertEquals(List.of(0, 2), logit.through(JACOBIAN).layers());
        assertEquals(List.of(0, 1, 2), logit.through(CLUSTERED).layers());
        for (Lens lens : List.of(TUNED, JACOBIAN)) {
            assertTrue(logit.through(lens).reading().decodesLastBlockAsModel());
            assertEquals(logit.topK(2, last), logit.through(lens).topK(2, last));
            assertEquals(0, logit.through(lens).klFromFinal(2, last).orElseThrow());
        }
        assertEquals(16, logit.through(JACOBIAN).reading().skippedPositions());
        assertEquals(1, logit.through(JACOBIAN).reading().warnings().size());
        LensResult clustered = logit.through(CLUSTERED);
        assertTrue(!clustered.reading().decodesLastBlockAsModel());
        assertTrue(clustered.klFromFinal(2, last).orElseThrow() > 0);
        // The next layer of the Jacobian lens is the last one, which has none.
        assertTrue(logit.through(JACOBIAN).klFromNext(0, last).isPresent());
        assertTrue(logit.through(JACOBIAN).klFromNext(2, last).isEmpty());
        assertEquals(
                "lens transport:jacobian has no map for layer 1; it has the layers [0, 2]",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> logit.through(JACOBIAN).layer(1))
                        .getMessage());
        for (Trajectory trajectory : logit.through(JACOBIAN).trajectories(last)) {
            assertEquals(List.of(0, 2), trajectory.layers());
        }
    }

    @Test
    void theCompactFormSaysTheSame() {
        LensResult exact =
                CLIENT.analyze(request(JACOBIAN, Lens.logit()).exact().build());
        LensResult compact = CLIENT.analyze(request(JACOBIAN, Lens.logit()).build());

        for (Lens lens : exact.lenses()) {
            LensResult one = exact.through(lens);
            LensResult other = compact.through(lens);
            assertEquals(one.layers(), other.layers());
            for (int layer : one.layers()) {
                for (int position : one.positions()) {
                    assertClose(one.topK(layer, position), other.topK(layer, position));
                    for (Statistic statistic : Statistic.all()) {
                        double value = one.statistic(statistic, layer, position).orElse(-1);
                        assertEquals(
                                value,
                                other.statistic(statistic, layer, position).orElse(-1),
                                2e-3 * (1 + Math.abs(value)));
                    }
                }
            }
            for (int position : one.positions()) {
                assertEquals(
                        one.trajectories(position).size(),
                        other.trajectories(position).size());
                for (Trajectory trajectory : one.trajectories(position)) {
                    Trajectory twin =
                            other.trajectory(position, trajectory.token().id()).orElseThrow();
                    for (int layer : trajectory.layers()) {
                        double value = trajectory.logProbability(layer);
                        assertEquals(value, twin.logProbability(layer), 4e-3 * (1 + Math.abs(value)));
                    }
                }
            }
        }
    }

    private static void assertClose(List<Prediction> expected, List<Prediction> actual) {
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).token(), actual.get(i).token());
            assertEquals(
                    expected.get(i).logProb(),
                    actual.get(i).logProb(),
                    1e-3 * (1 + Math.abs(expected.get(i).logProb())));
        }
    }

    @Test
    void aResultWithGapsSurvivesItsFile() throws IOException {
        LensResult result = CLIENT.analyze(request(JACOBIAN, TUNED).build());
        var file = new StringWriter();
        LensJson.write(result, file);

        LensResult read = LensJson.read(new StringReader(file.toString()));

        assertEquals(result, read);
        assertEquals(result.through(TUNED), read.through(TUNED));
        assertEquals(List.of(0, 2), read.layers());
        assertEquals(result.reading(), read.reading());
    }

    /** The first prediction is the likeliest token, whatever the rule. */
    @Test
    void predictionsFollowTheRuleOfTheRequest() throws IOException {
        LensResult usual = CLIENT.analyze(request(Lens.logit(), TUNED).exact().build());
        for (Candidates rule : List.of(
                Candidates.words(),
                Candidates.leastLikely(),
                Candidates.contrast(0),
                Candidates.contrast(Lens.logit()))) {
            LensResult result = CLIENT.analyze(
                    request(Lens.logit(), TUNED).exact().candidates(rule).build());

            assertEquals(rule, result.info().candidates());
            int changed = 0;
            for (Lens lens : result.lenses()) {
                for (int layer : result.through(lens).layers()) {
                    for (int position : result.positions()) {
                        List<Prediction> expected = usual.through(lens).topK(layer, position);
                        List<Prediction> found = result.through(lens).topK(layer, position);
                        assertEquals(expected.get(0), found.get(0));
                        changed += expected.equals(found) ? 0 : 1;
                        if (rule.equals(Candidates.words())) {
                            assertTrue(found.stream()
                                    .skip(1)
                                    .allMatch(prediction -> prediction
                                            .token()
                                            .text()
                                            .codePoints()
                                            .anyMatch(Character::isLetterOrDigit)));
                        }
                    }
                }
            }
            assertTrue(changed > 0, rule.name());
            var file = new StringWriter();
            LensJson.write(result, file);
            assertEquals(result, LensJson.read(new StringReader(file.toString())));
        }
    }

    @Test
    void aContrastWithALayerThatIsNotReadIsRefused() {
        assertRefused(
                "candidates.contrast.block: the request does not read layer 0. It reads layer 1.",
                request(Lens.logit())
                        .layers(IndexRange.of(1))
                        .candidates(Candidates.contrast(0))
                        .build());
    }

    @Test
    void eightLensesAtMost() {
        Lens[] nine = new Lens[9];
        for (int i = 0; i < nine.length; i++) {
            nine[i] = Lens.transport("l" + i);
        }

        assertRefused("lenses: 9 given; at most 8 allowed", request(nine).build());
    }

    @Test
    void aLensThatIsNotThereIsRefusedWithThoseThatAre() {
        assertRefused(
                "lenses[1].transport.name: this model has no lens \"mine\". It has the fitted lenses ",
                request(TUNED, Lens.transport("mine")).build());
    }

    @Test
    void theNamesThatExistAreInTheDetail() {
        LensException refusal = assertThrows(
                LensException.class,
                () -> CLIENT.analyze(request(Lens.transport("mine")).build()));

        ErrorDetail.InvalidField detail =
                (ErrorDetail.InvalidField) refusal.detail().orElseThrow();
        assertEquals("mine", detail.given());
        assertEquals(Set.of("tuned", "jacobian", "clustered"), Set.copyOf(detail.allowed()));
    }

    @Test
    void aRequestWhereALensHasNoMapIsRefusedWithItsLayers() {
        assertRefused(
                "the lens \"jacobian\" has no map for any read point of the request. It has maps for layers 0.",
                LensRequest.of(" the").lenses(JACOBIAN).layers(IndexRange.of(1)).build());
    }

    private static void assertRefused(String message, LensRequest request) {
        LensException refusal = assertThrows(LensException.class, () -> CLIENT.analyze(request));

        assertEquals(ErrorCode.INVALID_REQUEST, refusal.code());
        assertTrue(String.valueOf(refusal.getMessage()).contains(message), refusal.getMessage());
    }
}
