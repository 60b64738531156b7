package dev.stratalens.bench.server;

import dev.stratalens.cli.connect.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts this program as a process of its own: through the launcher that started it, as its users do, or as this JVM was
 * started where there was none.
 *
 * @param installation where this program is
 */
public record Program(Installation installation) {

    private static final String MAIN = "dev.stratalens.cli.CliMain";

    public ProcessBuilder with(List<String> arguments) {
        Path launcher = Path.of(installation.command());
        List<String> words = new ArrayList<>(Files.isExecutable(launcher) ? List.of(launcher.toString()) : java());
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words);
        // What the launcher sets where it starts; and a bench must not build, whatever changed meanwhile.
        builder.environment().putIfAbsent("OMP_WAIT_POLICY", "PASSIVE");
        builder.environment().putIfAbsent("GOMP_SPINCOUNT", "3000");
        builder.environment().put("STRATALENS_BUILD", "never");
        return builder;
    }

    private List<String> java() {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            words.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        }
        installation.home().ifPresent(home -> words.add("-Dstratalens.home=" + home));
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
        return words;
    }
}
