package dev.stratalens.server.grpc.status;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import dev.stratalens.v1.LoadedModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A detail's facts as strings, for readers that do not know the detail's type: proxies, other languages, logs. */
final class FailureFacts {

    private static final int MAX_BYTES = 250;

    private FailureFacts() {}

    /** The fields that are set, by their names; lists are joined by commas, and what is long is cut. */
    static Map<String, String> of(Message detail) {
        var facts = new LinkedHashMap<String, String>();
        detail.getAllFields()
                .forEach((field, value) -> facts.put(field.getName(), Excerpt.of(text(field, value), MAX_BYTES)));
        return facts;
    }

    private static String text(FieldDescriptor field, Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(element -> text(field, element)).collect(Collectors.joining(", "));
        }
        if (value instanceof EnumValueDescriptor constant) {
            return constant.getName().substring(prefix(constant).length());
        }
        if (value instanceof Duration duration) {
            // Without a formatter: refusals may come by the thousand.
            return duration.getSeconds() + "."
                    + Integer.toString(1000 + duration.getNanos() / 1_000_000).substring(1) + "s";
        }
        return value instanceof LoadedModel model ? model.getName() : value.toString();
    }

    /** An enum's values begin with its name in capitals; the unspecified one shows how that is written. */
    private static String prefix(EnumValueDescriptor constant) {
        String unspecified = constant.getType().findValueByNumber(0).getName();
        return unspecified.substring(0, unspecified.length() - "UNSPECIFIED".length());
    }
}
