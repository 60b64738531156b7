package dev.stratalens.cli;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** What the libraries and the server log goes to standard error, a line each. */
final class Logging {

    private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

    /** Tells at every start where its libraries lie. Held here, as a logger that nobody holds forgets its level. */
    private static final Logger DJL = Logger.getLogger("ai.djl");

    private Logging() {}

    /**
     * Sets what is logged: everything from information on where someone looks for it, else nothing that the command
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
