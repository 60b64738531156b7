package dev.stratalens.engine.lens.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.lens.fit.TokenSequences.Cut;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class TokenSequencesTest {

    private static final List<String> DOCUMENTS = IntStream.range(0, 20)
            .mapToObj(i -> "the café and the in is ".repeat(1 + i % 3) + i)
            .toList();

    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() {
        tokenizer = CheckpointReader.tokenizer(ParityCases.named("llama").modelDirectory());
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void theSeedDecidesTheOrder() {
        assertEquals(of(1).digest(), of(1).digest());
        assertNotEquals(of(1).digest(), of(2).digest());
    }

    @Test
    void everyTokenIsInOneSequence() {
        TokenSequences sequences = of(1);
        int beginning = tokenizer.encode("", true).ids()[0];
        int[] expected = DOCUMENTS.stream()
                .flatMapToInt(
                        text -> Arrays.stream(tokenizer.encode(text, false).ids()))
                .sorted()
                .toArray();
        int[] found = all(sequences)
                .flatMapToInt(sequence -> Arrays.stream(sequence, 1, sequence.length))
                .sorted()
                .toArray();

        assertArrayEquals(expected, found);
        assertTrue(all(sequences).allMatch(sequence -> sequence[0] == beginning && sequence.length <= 10));
    }

    @Test
    void aQuarterOfTheDocumentsIsHeldOutAtMost() {
        TokenSequences some = TokenSequences.of(DOCUMENTS, tokenizer, new Cut(1000, 1, 1, 1));
        TokenSequences most = TokenSequences.of(DOCUMENTS, tokenizer, new Cut(1000, 1, 1_000_000, 1));

        assertEquals(1, some.heldOut().size());
        assertEquals(6, most.heldOut().size());
        assertEquals(14, most.fitted().size());
    }

    @Test
    void textsThatAreTooShortAreRefused() {
        var refused = assertThrows(
                FitFailedException.class, () -> TokenSequences.of(DOCUMENTS, tokenizer, new Cut(1000, 500, 100, 1)));

        assertTrue(refused.getMessage().contains("0 sequences of 500 tokens or more"), refused.getMessage());
    }

    private static TokenSequences of(long seed) {
        return TokenSequences.of(DOCUMENTS, tokenizer, new Cut(10, 2, 30, seed));
    }

    private static Stream<int[]> all(TokenSequences sequences) {
        return Stream.concat(sequences.fitted().stream(), sequences.heldOut().stream());
    }
}
