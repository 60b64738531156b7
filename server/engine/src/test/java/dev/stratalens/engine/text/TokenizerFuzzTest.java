package dev.stratalens.engine.text;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * What is read of a {@code tokenizer.json} in Java, the guards against what ends the process included. The native library
 * is not behind them here: a fault in it would end the fuzzer, too.
 */
class TokenizerFuzzTest {

    @FuzzTest
    void tokenizerJson(byte[] bytes) {
        try {
            Vocabulary vocabulary = VocabularyReader.read(
                    "tokenizer.json",
                    new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder()),
                    new NormalizedTokens());
            vocabulary.lookup("a");
            vocabulary.entry(0);
        } catch (IOException e) {
            // What JsonTokenizer reports as malformed.
            if (e.getMessage() == null && e.getCause() == null && e.getClass() == IOException.class) {
                throw new AssertionError("a failure that says nothing", e);
            }
        } catch (InvalidCheckpointException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("a failure that says nothing", e);
            }
        }
    }
}
