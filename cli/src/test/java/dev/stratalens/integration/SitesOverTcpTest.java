package dev.stratalens.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.result.Attribution;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Trajectory;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sites inside blocks and attribution, of a model with a softcap and norms after its branches, and of one with parallel branches. */
@Timeout(120)
class SitesOverTcpTest {

    private static final ServedFixtures SERVED = ServedFixtures.of("gemma2", "gpt_neox");
    private static final LensClient CLIENT = SERVED.client();

    @AfterAll
    static void stop() {
        SERVED.close();
    }

    private static LensRequest.Builder request(String model) {
        return LensRequest.ofTokenIds(3, 14, 15, 9, 26, 5)
                .model(model)
                .target(LensTarget.nextToken(), LensTarget.id(7));
    }

    @Test
    void aResultHasARowForEachReadPointAndLayersAsBefore() throws IOException {
        LensResult layers = CLIENT.analyze(request("gemma2").exact().build());
        LensResult sites = CLIENT.analyze(request("gemma2")
                .exact()
                .sites(Site.ATTENTION_OUTPUT, Site.ATTENTION_RESIDUAL, Site.FEED_FORWARD_OUTPUT, Site.BLOCK_OUTPUT)
                .build());

        assertEquals(layers.layers(), sites.layers());
        assertEquals(4 * layers.layers().size(), sites.readPoints().size());
        int position = sites.lastPosition();
        for (int layer : layers.layers()) {
            assertEquals(
                    layers.top(layer, position).token(),
                    sites.top(layer, position).token());
            ReadPoint inside = ReadPoint.of(layer, Site.FEED_FORWARD_OUTPUT);
            assertEquals(inside, sites.at(inside).readPoint());
        }
        for (Trajectory trajectory : layers.trajectories(position)) {
            Trajectory same =
                    sites.trajectory(position, trajectory.token().id()).orElseThrow();
            for (int layer : trajectory.layers()) {
                assertEquals(trajectory.logProbability(layer), same.logProbability(layer), 1e-4);
            }
            double there = same.logProbability(ReadPoint.of(0, Site.ATTENTION_OUTPUT));
            assertTrue(there < 0, () -> "" + there);
        }
        assertEquals(sites, readBack(sites));
    }

    @Test
    void allSitesAreThoseThatTheBlocksHave() throws IOException {
        LensResult all = CLIENT.analyze(request("gpt_neox").allSites().build());

        assertEquals(
                List.of(
                        ReadPoint.of(0, Site.EMBEDDING),
                        ReadPoint.of(0, Site.ATTENTION_OUTPUT),
                        ReadPoint.of(0, Site.FEED_FORWARD_OUTPUT),
                        ReadPoint.of(0, Site.BLOCK_OUTPUT),
                        ReadPoint.of(1, Site.ATTENTION_OUTPUT),
                        ReadPoint.of(1, Site.FEED_FORWARD_OUTPUT),
                        ReadPoint.of(1, Site.BLOCK_OUTPUT)),
                all.readPoints());
        assertEquals(all, readBack(all));
    }

    @Test
    void aLogitIsTheSumOfItsSharesBeforeTheSoftcap() throws IOException {
        LensResult result = CLIENT.analyze(request("gemma2").withAttribution().build());
        Attribution attribution = result.attribution().orElseThrow();
        int first = result.positions().get(0);
        for (LensTarget target : List.of(LensTarget.nextToken(), LensTarget.id(7))) {
            double sum = attribution.biasShare(target, first).orElseThrow();
            for (ReadPoint part : attribution.parts()) {
                sum += attribution.share(part, target, first).orElseThrow();
            }
            double cap = attribution.softcap().orElseThrow();
            assertEquals(attribution.logit(target, first).orElseThrow(), cap * Math.tanh(sum / cap), 1e-3);
        }
        assertTrue(
                attribution.logit(LensTarget.nextToken(), result.lastPosition()).isEmpty());
        assertTrue(attribution.heads(0) > 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> attribution.headShare(0, attribution.heads(0), LensTarget.id(7), first));
        assertEquals(result, readBack(result));
    }

    @Test
    void partsOfAFamilyWithParallelBranchesAreTheSame() {
        Attribution attribution = CLIENT.analyze(
                        request("gpt_neox").withAttribution().build())
                .attribution()
                .orElseThrow();

        assertEquals(
                List.of(
                        ReadPoint.of(0, Site.EMBEDDING),
                        ReadPoint.of(0, Site.ATTENTION_OUTPUT),
                        ReadPoint.of(0, Site.FEED_FORWARD_OUTPUT),
                        ReadPoint.of(1, Site.ATTENTION_OUTPUT),
                        ReadPoint.of(1, Site.FEED_FORWARD_OUTPUT)),
                attribution.parts());
    }

    @Test
    void aSiteThatNoBlockHasIsRefusedByName() {
        var refusal = assertThrows(
                LensException.class,
                () -> CLIENT.analyze(request("gpt_neox")
                        .sites(Site.ATTENTION_RESIDUAL, Site.BLOCK_OUTPUT)
                        .build()));

        assertTrue(String.valueOf(refusal.getMessage()).contains("site.attention-residual"), refusal.getMessage());
    }

    private static LensResult readBack(LensResult result) throws IOException {
        var file = new StringWriter();
        LensJson.write(result, file);
        return LensJson.read(new StringReader(file.toString()));
    }
}
