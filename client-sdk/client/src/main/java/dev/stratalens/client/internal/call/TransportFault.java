package dev.stratalens.client.internal.call;

import io.grpc.Status;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts what goes wrong before a server says anything into words with a remedy. The expressions are texts of gRPC, Netty and the JDK. */
enum TransportFault {
    NO_GRPC(
            "HTTP status code (\\d+)",
            "What answers is a web server or a proxy and no gRPC server: it says HTTP %s. Check the address, and that proxies on the way pass gRPC on."),
    PLAIN_TEXT_SERVER(
            "not an SSL/TLS record",
            "The server speaks plain text, and this client TLS. Ask for plain text, or for a port with TLS."),
    OTHER_PROTOCOL(
            "First received frame was not SETTINGS",
            "What answers does not speak gRPC in plain text. Use TLS if it does, and check the port."),
    UNTRUSTED(
            "PKIX path", "The server's certificate is not trusted. Give the client the certificate of its authority."),
    OTHER_HOST(
            "No (subject alternative|name matching)",
            "The server's certificate is for another host. Ask by a name that the certificate has."),
    CLIENT_UNKNOWN(
            "certificate.required|bad.certificate",
            "The server wants a certificate of its clients that it trusts. Give the client one."),
    DAMAGED(
            "(?i)bad.record.mac|decryption.failed|bad.decrypt|decrypt.error|tag mismatch",
            "What came over TLS was damaged on its way, so the connection was given up. Try again; if it stays so, check the network and the proxies on the way."),
    TLS_REFUSED(
            "SSL(Handshake)?Exception|OpenSslEngine|TLS handshake",
            "The other side refused TLS. Check the port, and that both sides speak TLS 1.2 or later."),
    NO_HOST("Unable to resolve host(?: (\\S+))?", "There is no host of the name %s. Check the address."),
    REFUSED("Connection refused(?:: (\\S+))?", "Nothing listens at %s. Check that the server runs, its host and port."),
    UNREACHABLE(
            "No route to host|Network is unreachable",
            "The host cannot be reached from here. Check the address and the network."),
    NO_ANSWER(
            "[Cc]onnection timed out(?:.*?: (\\S+))?",
            "Nothing answers at %s. Check the address, and the firewalls on the way."),
    CLOSED(
            "Channel shutdown|channel is terminated|Subchannel shutdown",
            "The client was closed, so the call ended. Close it after its last call."),
    SILENT(
            "Keepalive failed",
            "The connection went silent. Check the network and that the server still runs; the work on the server was given up."),
    BROKEN_OFF(
            "Network closed for unknown reason|ClosedChannelException|Connection reset|Broken pipe|Connection closed|GOAWAY|HTTP/2 error code|[Rr]st [Ss]tream",
            "The connection broke off. Check that the server still runs, and whether it speaks TLS or plain text."),
    OUT_OF_TIME(
            "deadline (was )?exceeded",
            "The time for the call was over before the server had answered. Give it more, or ask for less."),
    TOO_LARGE(
            "exceeds maximum size",
            "A message is larger than this client takes. Raise its limit, or ask for fewer positions.");

    private final Pattern signs;
    private final String words;

    /**
     * A fault.
     *
     * @param signs expression for its text; a group in it is the address
     * @param words what to say, with a place for the address
     */
    TransportFault(String signs, String words) {
        this.signs = Pattern.compile(signs);
        this.words = words;
    }

    /** The fault behind a status that no server gave a reason for; empty where it is none of these. */
    static Optional<String> words(Status status) {
        StringBuilder said = new StringBuilder(String.valueOf(status.getDescription()));
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            said.append('\n').append(cause);
        }
        return Arrays.stream(values()).flatMap(fault -> fault.in(said).stream()).findFirst();
    }

    private Optional<String> in(CharSequence said) {
        Matcher sign = signs.matcher(said);
        if (!sign.find()) {
            return Optional.empty();
        }
        boolean named = sign.groupCount() > 0 && sign.group(1) != null;
        return Optional.of(words.formatted(named ? sign.group(1) : "that address"));
    }
}
