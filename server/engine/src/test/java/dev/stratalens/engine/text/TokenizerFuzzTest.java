package dev.stratalens.engine.text;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Tests the Java code that reads a {@code tokenizer.json}, including the guards against files that end the process. It
 * does not call the native library, whose faults would also end the fuzzer.
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
            // Failures that JsonTokenizer reports as malformed.
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
