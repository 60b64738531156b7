package dev.stratalens.cli.terminal;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The user's web browser. */
public final class Browser {

    private Browser() {}

    /**
     * Asks the system to show an address, if there is a screen to show it on; does not wait, and does not mind if nothing
     * comes of it. Others on the machine can see the address.
     */
    public static void open(URI address, Map<String, String> environment) {
        opener(System.getProperty("os.name", ""), environment).ifPresent(words -> start(words, address));
    }

    /** The words that open an address, which goes behind them; empty without a screen. */
    static Optional<List<String>> opener(String system, Map<String, String> environment) {
        String name = system.toLowerCase(Locale.ROOT);
        if (name.startsWith("mac")) {
            return Optional.of(List.of("open"));
        }
        if (name.startsWith("windows")) {
            return Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler"));
        }
        boolean screen = List.of("DISPLAY", "WAYLAND_DISPLAY").stream()
                .anyMatch(variable -> !environment.getOrDefault(variable, "").isEmpty());
        return screen ? Optional.of(List.of("xdg-open")) : Optional.empty();
    }

    private static void start(List<String> opener, URI address) {
        List<String> words = new ArrayList<>(opener);
        words.add(address.toString());
        try {
            new ProcessBuilder(words)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            // there is no such program; the address stands in the terminal
        }
    }
}
