package dev.stratalens.client.internal.connection;

import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Silences one warning of gRPC: for a host that does not exist it logs a stack trace, by default on standard error, though the call
 * fails and says so.
 */
final class ResolverWarning implements Filter {

    /** Held here: a logger that nothing refers to loses its filter. */
    private static final Logger LOGGER = Logger.getLogger("io.grpc.internal.ManagedChannelImpl");

    private final @Nullable Filter before;

    private ResolverWarning(@Nullable Filter before) {
        this.before = before;
    }

    static void silence() {
        synchronized (LOGGER) {
            if (!(LOGGER.getFilter() instanceof ResolverWarning)) {
                LOGGER.setFilter(new ResolverWarning(LOGGER.getFilter()));
            }
        }
    }

    @Override
    public boolean isLoggable(LogRecord entry) {
        boolean ofResolver = String.valueOf(entry.getMessage()).contains("Failed to resolve name");
        return !ofResolver && (before == null || before.isLoggable(entry));
    }
}
