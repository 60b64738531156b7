package dev.stratalens.server.grpc.watch;

import dev.stratalens.server.watch.TraceContext;
import io.grpc.Metadata;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header by which a caller tells its trace (W3C Trace Context). */
final class TraceParent {

    private static final Metadata.Key<String> KEY = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
    /** Version, trace, span and flags; all zeros and version ff are not valid. Later versions may add fields. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?");

    private TraceParent() {}

    static TraceContext read(Metadata headers) {
        String value = headers.get(KEY);
        if (value == null) {
            return TraceContext.NONE;
        }
        Matcher form = FORM.matcher(value);
        return form.matches()
                ? new TraceContext(form.group(1), form.group(2), (Integer.parseInt(form.group(3), 16) & 1) == 1)
                : TraceContext.NONE;
    }
}
