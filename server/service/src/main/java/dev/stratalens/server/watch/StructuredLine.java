package dev.stratalens.server.watch;

import com.google.gson.JsonPrimitive;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of the log with fields. Any log gets them as {@code message key=value key=value}; one that knows this class reads
 * them, while a line is written, from {@link #current}.
 *
 * @param fields numbers and texts, in their order
 */
public record StructuredLine(String message, Map<String, Object> fields) {

    private static final ThreadLocal<@Nullable StructuredLine> CURRENT = new ThreadLocal<>();
    private static final Pattern PLAIN = Pattern.compile("[^\\s\"=]+");

    /** Copies the fields. */
    public StructuredLine {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The line that this thread writes. */
    public static Optional<StructuredLine> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Writes it as text. */
    void write(Consumer<String> log) {
        CURRENT.set(this);
        try {
            log.accept(toString());
        } finally {
            CURRENT.remove();
        }
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(message);
        fields.forEach((key, value) -> line.append(' ').append(key).append('=').append(quoted(value.toString())));
        return line.toString();
    }

    private static String quoted(String value) {
        return PLAIN.matcher(value).matches() ? value : new JsonPrimitive(value).toString();
    }
}
