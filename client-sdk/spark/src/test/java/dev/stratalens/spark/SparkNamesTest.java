package dev.stratalens.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SparkNamesTest {

    private static final Path HERE = Path.of("src/main/java");

    @Test
    void aNameMeansOneClassOfTheProduct() throws IOException {
        Set<String> names = sources(HERE);
        assertTrue(names.contains("SparkLens.java"), names::toString);

        Set<String> shared = new TreeSet<>();
        for (String module :
                Set.of("client-sdk/client", "client-sdk/report", "server/engine", "server/service", "cli")) {
            Set<String> others = sources(Path.of("../..", module).resolve(HERE));
            others.retainAll(names);
            shared.addAll(others);
        }
        assertEquals(Set.of("package-info.java"), shared);
    }

    private static Set<String> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
