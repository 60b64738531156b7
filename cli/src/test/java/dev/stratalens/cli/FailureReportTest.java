package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.command.AnalyzeCommand;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.input.Choice;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.Terminal;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.error.UnpairedSurrogateException;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FailureReportTest {

    private final LensException tooLarge = new LensException(
            ErrorCode.MEMORY_LIMIT,
            "The request needs much; the operator of a server grants more with max-request-memory.",
            ErrorDetail.MemoryLimitExceeded.of(3_000_000_000L, 2_000_000_000L),
            null);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void whoRunsTheServerInTheProcessIsToldOfNoSettingOfServers() {
        assertEquals(5, report(tooLarge, "x"));
        assertEquals(
                "stratalens: this needs 3,000,000,000 bytes of memory in addition to the model; 2,000,000,000 were free for it."
                        + " Ask for fewer --layers or --positions, give a shorter prompt, or close other programs.\n",
                said());
    }

    @Test
    void whoAsksAServerIsToldWhatItSays() {
        assertEquals(5, report(tooLarge, "--server", "localhost:1", "x"));
        assertEquals("stratalens: " + tooLarge.getMessage() + "\n", said());
    }

    @Test
    void whatAServerSaysCannotCommandTheTerminal() {
        report(new LensException(ErrorCode.INTERNAL, "a\033[2J\r\u202eb\nc"), "x");
        assertEquals("stratalens: a\\u001b[2J\\r\\u202eb\nc\n", said());
    }

    @Test
    void norCanTheTraceThatIsShownOnRequest() {
        report(new LensException(ErrorCode.INTERNAL, "a\033[2J"), "--verbose", "x");
        assertEquals(-1, said().indexOf('\033'), said());
    }

    @Test
    void halfACharacterIsWrongInputAndNoFault() {
        UnpairedSurrogateException refusal = new UnpairedSurrogateException("text", 3, '\ud83d');
        assertEquals(2, report(refusal, "x"));
        assertEquals("stratalens: " + refusal.getMessage() + "\n", said());
    }

    @Test
    void aFieldIsCalledAsTheOptionThatSetsIt() {
        LensException refused = new LensException(
                ErrorCode.INVALID_REQUEST,
                "lenses[0].transport.name: this model has no lens \"x\".",
                invalid("lenses[0].transport.name"),
                null);
        assertEquals(2, report(refused, "x"));
        assertEquals("stratalens: --lens: this model has no lens \"x\".\n", said());
    }

    @Test
    void aFileThatIsMissingIsSaidInWords() {
        assertEquals(1, report(new NoSuchFileException("vector.json"), "x"));
        assertEquals("stratalens: vector.json: there is no such file.\n", said());
    }

    /** What goes through the files of a folder wraps its failures. */
    @Test
    void aFolderThatLinksToItselfIsNoFaultOfTheProgram() {
        report(new UncheckedIOException(new FileSystemLoopException("corpus/all")), "x");
        assertEquals("stratalens: corpus/all: it links to a folder that it is in.\n", said());
    }

    @Test
    void aConnectionThatBreaksOffMayNeedTheCertificateOfTheServer() {
        LensException broken =
                new LensException(ErrorCode.UNAVAILABLE, "The connection broke off. Look whether it speaks TLS.");
        report(broken, "--server", "localhost:1", "x");
        assertTrue(said().contains("give --tls-ca FILE"), said());
        bytes.reset();
        report(broken, "--server", "localhost:1", "--tls-ca", "cert.pem", "x");
        assertFalse(said().contains("give --tls-ca FILE"), said());
    }

    private static ErrorDetail invalid(String field) {
        return ErrorDetail.InvalidField.of(
                field, ErrorDetail.FieldProblem.NOT_UNDERSTOOD, "x", OptionalLong.empty(), OptionalLong.empty());
    }

    private int report(Exception failure, String... arguments) {
        PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Console console = new Console(
                InputStream.nullInputStream(), err, err, new Terminal(false, false, false, 100, 50, ColorDepth.PLAIN));
        CommandLine line = new CommandLine(
                new AnalyzeCommand(console, new Installation(Optional.empty(), "stratalens", Map.of())));
        Choice.register(line);
        return new FailureReport(err, Map.of()).handleExecutionException(failure, line, line.parseArgs(arguments));
    }

    private String said() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
