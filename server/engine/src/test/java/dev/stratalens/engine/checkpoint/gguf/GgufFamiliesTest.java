package dev.stratalens.engine.checkpoint.gguf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GgufFamiliesTest {

    private static final Path PAGE = Path.of("../../docs/checkpoint-formats.md");
    private static final Path RECORDED = Path.of("src/test/resources/formats/models");
    private static final Pattern LIST = Pattern.compile("Architectures: ([^.]+)\\.\\R");

    @Test
    void thePageListsEveryArchitecture() throws IOException {
        Matcher list = LIST.matcher(Files.readString(PAGE));
        assertTrue(list.find());

        String names = list.group(1).replaceAll("\\([^)]*\\)", "");
        assertEquals(
                GgufFamilies.names(),
                Arrays.stream(names.split(",")).map(String::strip).collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void everyArchitectureHasARecordedFile() throws IOException {
        try (Stream<Path> directories = Files.list(RECORDED)) {
            assertEquals(
                    GgufFamilies.names(),
                    directories
                            .map(directory -> directory.resolve("model.gguf"))
                            .filter(Files::exists)
                            .map(file -> GgufFile.read(file)
                                    .metadata()
                                    .string("general.architecture")
                                    .orElseThrow())
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }
}
