package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command on a machine whose language has digits of its own, and other signs in numbers. */
class LocaleProcessTest {

    @Test
    void numbersAreThoseOfEveryOtherMachine() throws Exception {
        String[] arguments = {
            "analyze", "--model", CliRun.TINY.toString(), "--format", "csv", "--target", "id:7", "hello world"
        };
        List<String> command = CliRun.processOf(arguments);
        command.addAll(1, List.of("-Duser.language=fa", "-Duser.country=IR"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, process.waitFor(), out);
        assertEquals(CliRun.of(arguments).out(), out);
    }
}
