package dev.stratalens.cli.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalModelTest {

    @TempDir
    Path home;

    private Installation installation;

    @BeforeEach
    void installDemo() throws IOException {
        installation = new Installation(Optional.of(home), "stratalens", Map.of());
        checkpoint("models/demo");
    }

    @Test
    void demoIsTheModelInside() {
        assertEquals(new LocalModel("demo", home.resolve("models/demo")), LocalModel.parse("demo", installation));
    }

    @Test
    void demoWithoutTheLauncherSaysWhatToDo() {
        Installation unknown = new Installation(Optional.empty(), "stratalens", Map.of());
        CliException refusal = assertThrows(CliException.class, () -> LocalModel.parse("demo", unknown));
        assertTrue(refusal.getMessage().contains("--model DIR"), refusal.getMessage());
    }

    @Test
    void aDirectoryIsServedUnderItsOwnName() throws IOException {
        Path directory = checkpoint("my-gpt2");
        assertEquals(new LocalModel("my-gpt2", directory), LocalModel.parse(directory + "/", installation));
        assertEquals(new LocalModel("my-gpt2", directory), LocalModel.parse(home + "/./my-gpt2", installation));
    }

    @Test
    void aNameCanBePrintedWhateverTheDirectoryIsCalled() throws IOException {
        Path directory = checkpoint("dir\033[31m");
        assertEquals(new LocalModel("dir\\u001b[31m", directory), LocalModel.parse(directory.toString(), installation));
    }

    @Test
    void itsFilesAreCounted() throws IOException {
        Path directory = checkpoint("counted");
        long before = new LocalModel("m", directory).fileBytes();
        Path weights = Files.write(directory.resolve("w.safetensors"), new byte[1000]);
        assertEquals(before + 1000, new LocalModel("m", directory).fileBytes());
        assertEquals(1000, new LocalModel("m", weights).fileBytes());
        assertEquals(0, new LocalModel("m", directory.resolve("none")).fileBytes());
    }

    @Test
    void aNameCanBeGiven() throws IOException {
        Path directory = checkpoint("snapshot");
        assertEquals(new LocalModel("gpt2", directory), LocalModel.parse("gpt2=" + directory, installation));
    }

    @Test
    void aDirectoryWithAnEqualsSignIsADirectory() throws IOException {
        Path directory = checkpoint("lr=3");
        assertEquals(new LocalModel("lr=3", directory), LocalModel.parse(directory.toString(), installation));
    }

    @Test
    void whatIsNoCheckpointIsRefusedByName() throws IOException {
        CliException missing = assertThrows(CliException.class, () -> LocalModel.parse("no/such/dir", installation));
        assertTrue(missing.getMessage().contains("no directory no/such/dir"), missing.getMessage());
        assertEquals(ExitCode.MODEL, missing.exitCode());
        Path empty = Files.createDirectory(home.resolve("empty"));
        CliException bare = assertThrows(CliException.class, () -> LocalModel.parse(empty.toString(), installation));
        assertTrue(bare.getMessage().contains("no config.json"), bare.getMessage());
    }

    private Path checkpoint(String name) throws IOException {
        Path directory = Files.createDirectories(home.resolve(name));
        Files.writeString(directory.resolve("config.json"), "{}");
        return directory;
    }
}
