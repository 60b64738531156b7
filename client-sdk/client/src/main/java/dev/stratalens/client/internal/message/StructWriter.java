package dev.stratalens.client.internal.message;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.stratalens.client.internal.argument.WholeText;
import java.util.Map;

/** From Java's strings, numbers, booleans, lists and maps to the wire's values. */
final class StructWriter {

    private StructWriter() {}

    static Struct struct(Map<?, ?> fields) {
        Struct.Builder wire = Struct.newBuilder();
        fields.forEach((name, value) -> wire.putFields(String.valueOf(name), value(value)));
        return wire.build();
    }

    private static Value value(Object value) {
        Value.Builder wire = Value.newBuilder();
        if (value instanceof String text) {
            return wire.setStringValue(WholeText.require("template argument", text))
                    .build();
        } else if (value instanceof Number number) {
            return wire.setNumberValue(number.doubleValue()).build();
        } else if (value instanceof Boolean flag) {
            return wire.setBoolValue(flag).build();
        } else if (value instanceof Map<?, ?> fields) {
            return wire.setStructValue(struct(fields)).build();
        } else if (value instanceof Iterable<?> elements) {
            ListValue.Builder list = ListValue.newBuilder();
            elements.forEach(element -> list.addValues(value(element)));
            return wire.setListValue(list).build();
        }
        throw new IllegalArgumentException("an argument of a chat template is a "
                + value.getClass().getName() + "; give strings, numbers, booleans, lists or maps");
    }
}
