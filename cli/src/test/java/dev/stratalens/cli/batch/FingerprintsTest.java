package dev.stratalens.cli.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

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

    @Test
    void filesOfThisVersionAreContinuedByLaterOnes() {
        assertEquals(
                "d9400dbdacfe6b4c2afd1a4124d27d6d",
                of("w", "t", "l").of(prompt("transport:tuned")),
                "computed by hashlib in Python; another one has the files refused that people began");
    }

    @Test
    void weightsTokenizersAndLensesOfTheSameNameAreToldApart() {
        String written = of("w", "t", "l").of(prompt("transport:tuned"));

        assertNotEquals(written, of("x", "t", "l").of(prompt("transport:tuned")));
        assertNotEquals(written, of("w", "x", "l").of(prompt("transport:tuned")));
        assertNotEquals(written, of("w", "t", "x").of(prompt("transport:tuned")));
        assertNotEquals(written, of("wt", "", "l").of(prompt("transport:tuned")));
    }

    @Test
    void aLensThatIsNotReadMayChange() {
        assertEquals(of("w", "t", "l").of(prompt("raw")), of("w", "t", "x").of(prompt("raw")));
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
