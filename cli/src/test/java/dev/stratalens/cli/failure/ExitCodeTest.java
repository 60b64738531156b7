package dev.stratalens.cli.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.client.error.ErrorCode;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {

    @ParameterizedTest
    @CsvSource({
        "INVALID_REQUEST, 2",
        "PROMPT_TOO_LONG, 2",
        "UNKNOWN_MODEL, 3",
        "UNSUPPORTED_ARCHITECTURE, 3",
        "INVALID_CHECKPOINT, 3",
        "UNAVAILABLE, 4",
        "DEADLINE_EXCEEDED, 4",
        "MEMORY_LIMIT, 5",
        "MODEL_MEMORY, 5",
        "MODEL_IN_USE, 5",
        "NOT_ALLOWED, 2",
        "QUEUE_FULL, 5",
        "DEADLINE_TOO_SHORT, 5",
        "QUOTA_EXCEEDED, 5",
        "READER_TOO_SLOW, 5",
        "CANCELLED, 130",
        "BROKEN_STREAM, 1",
        "INTERNAL, 1",
    })
    void scriptsRelyOnTheNumbers(ErrorCode code, int number) {
        assertEquals(number, ExitCode.of(code).number());
    }

    @Test
    void everyFailureHasANumberOfItsKind() {
        Set<ExitCode> used = EnumSet.noneOf(ExitCode.class);
        for (ErrorCode code : ErrorCode.values()) {
            used.add(ExitCode.of(code));
        }
        // A batch ends with the one, its failures are in its output; and no server closes standard output.
        assertEquals(EnumSet.complementOf(EnumSet.of(ExitCode.OK, ExitCode.PARTIAL, ExitCode.READER_GONE)), used);
    }
}
