package dev.stratalens.cli.log;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** What the libraries and the server log goes to standard error, a line each. */
public final class Logging {

    static {
        System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
    }

    /** A caller that resets a call is no fault of the server; a stack trace for each would fill the log. */
    private static final Logger RESETS = Logger.getLogger("io.grpc.netty.NettyServerHandler");

    private static final Logger CONNECTIONS = Logger.getLogger("io.grpc.netty.NettyServerTransport.connections");

    /** Tells at every start where its libraries lie. Held here, because a logger without a reference forgets its level. */
    private static final Logger DJL = Logger.getLogger("ai.djl");

    private Logging() {}

    /**
     * Whether the arguments are those of a server, or ask for more. A prompt may well be the word {@code serve}: only the
     * first argument names the command, and what follows {@code --} is never an option.
     */
    public static boolean isDetailed(String... arguments) {
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
    public static void configure(boolean detailed) {
        LogManager.getLogManager().getLogger("").setLevel(detailed ? Level.INFO : Level.SEVERE);
        write(new TextLog());
        DJL.setLevel(detailed ? Level.WARNING : Level.SEVERE);
        RESETS.setLevel(Level.SEVERE);
        CONNECTIONS.setFilter(new FailedConnections());
    }

    /** Writes JSON from now on. */
    public static void useJson() {
        write(new JsonLog());
    }

    private static void write(LogLine form) {
        for (Handler handler : LogManager.getLogManager().getLogger("").getHandlers()) {
            handler.setFormatter(form);
        }
    }
}
