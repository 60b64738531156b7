package dev.stratalens.cli.connect;

import dev.stratalens.cli.failure.CliException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code HOST:PORT} of a server.
 *
 * @param host name or address, an IPv6 one in brackets
 * @param port 1 .. 65535
 */
public record ServerAddress(String host, int port) {

    private static final Pattern SYNTAX = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:\\[\\]/\\s]+):(\\d{1,5})");
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

    /** Reads an address.
     *
     * @throws CliException if the text is no HOST:PORT */
    public static ServerAddress parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        int port = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
        if (port < 1 || port > 65535) {
            throw CliException.usage(
                    "--server: \"%s\" is not HOST:PORT, such as localhost:50061 or [::1]:50061.".formatted(text));
        }
        return new ServerAddress(matcher.group(1), port);
    }

    /** Whether the host is this machine by its very name, so that nothing travels over a network. */
    public boolean isLoopback() {
        return LOOPBACK.matcher(host).matches();
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
