package dev.stratalens.cli.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.client.model.LensInfo;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.SpecialTokens;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintsTest {

    /** As earlier versions wrote it; computed by hashlib in Python. */
    private static final String EARLIER = "d0f4b77a2cd5ebe4c001d5a169fcb726";

    @Test
    void resultsOfEarlierVersionsAreThoseOfTheModelWithTheirName() {
        assertTrue(of("w", "t", "l").isOf(prompt("transport:tuned"), EARLIER));
        assertTrue(of("", "", "").isOf(prompt("transport:tuned"), EARLIER));
        assertFalse(of("w", "t", "l").isOf(prompt("raw"), EARLIER));
    }

    @Test
    void aServerThatDoesNotTellWeightsGivesTheEarlierOne() {
        assertEquals(EARLIER, of("", "", "").of(prompt("transport:tuned")));
    }

    @Test
    void weightsTokenizersAndLensesOfTheSameNameAreToldApart() {
        String written = of("w", "t", "l").of(prompt("transport:tuned"));

        assertTrue(of("w", "t", "l").isOf(prompt("transport:tuned"), written));
        assertFalse(of("x", "t", "l").isOf(prompt("transport:tuned"), written));
        assertFalse(of("w", "x", "l").isOf(prompt("transport:tuned"), written));
        assertFalse(of("w", "t", "x").isOf(prompt("transport:tuned"), written));
    }

    @Test
    void aLensThatIsNotReadMayChange() {
        assertTrue(of("w", "t", "x").isOf(prompt("raw"), of("w", "t", "l").of(prompt("raw"))));
    }

    private static Fingerprints of(String weights, String tokenizer, String lens) {
        ModelInfo info = ModelInfo.builder("m", 2)
                .architecture("gpt2")
                .revision("rev")
                .hiddenSize(8)
                .vocabularySize(16)
                .storedType("F32")
                .computeType("F32")
                .build();
        return new Fingerprints(ModelFacts.builder(info)
                .weightsFingerprint(weights)
                .tokenizerDigest(tokenizer)
                .lenses(List.of(LensInfo.builder("tuned").fingerprint(lens).build()))
                .build());
    }

    private static BatchPrompt prompt(String lens) {
        LensSettings settings = new LensSettings(
                "all", "all", 5, List.of(), "all", SpecialTokens.TOKENIZER_DEFAULT, Set.of(), List.of("logit", lens));
        return new BatchPrompt(1, "a", new Prompt.Text("hello"), settings, "");
    }
}
