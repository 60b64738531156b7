package dev.stratalens.cli;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** What the libraries and the server log goes to standard error, a line each. */
final class Logging {

    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    /** Tells at every start where its libraries lie. Held here, because a logger without a reference forgets its level. */
    private static final Logger DJL = Logger.getLogger("ai.djl");

    private Logging() {}

    /**
     * Whether the arguments are those of a server, or ask for more. A prompt may well be the word {@code serve}: only the
     * first argument names the command, and what follows {@code --} is never an option.
     */
    static boolean isDetailed(String... arguments) {
        List<String> words = List.of(arguments);
        int end = words.indexOf("--");
        return words.indexOf("serve") == 0
                || words.subList(0, end < 0 ? words.size() : end).contains("--verbose");
    }

    /**
     * Sets what is logged: everything from INFO on for a server or with --verbose, else nothing that the command
     * does not say itself.
     *
     * @param detailed whether this is a server, or the user asked for more
     */
    static void configure(boolean detailed) {
        if (System.getProperty(FORMAT) == null) {
            System.setProperty(FORMAT, "%1$tFT%1$tT %4$s %5$s%6$s%n");
        }
        Logger root = LogManager.getLogManager().getLogger("");
        root.setLevel(detailed ? Level.INFO : Level.SEVERE);
        for (Handler handler : root.getHandlers()) {
            handler.setFormatter(new PrintableLog());
        }
        DJL.setLevel(detailed ? Level.WARNING : Level.SEVERE);
    }
}
