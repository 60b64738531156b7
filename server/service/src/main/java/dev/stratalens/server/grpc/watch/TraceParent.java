package dev.stratalens.server.grpc.watch;

import io.grpc.Metadata;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header by which a caller tells its trace (W3C Trace Context). */
final class TraceParent {

    static final Metadata.Key<String> KEY = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

    private TraceParent() {}

    /** The id of the caller's trace; empty without one. */
    static String traceId(Metadata headers) {
        String value = headers.get(KEY);
        if (value == null) {
            return "";
        }
        Matcher form = FORM.matcher(value);
        return form.matches() ? form.group(1) : "";
    }
}
