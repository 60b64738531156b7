package dev.stratalens.client.internal.message;

import com.google.protobuf.ProtocolMessageEnum;
import java.util.Arrays;
import java.util.Optional;

/** From the wire's enums to the SDK's, whose constants have the same names without that of the type before them. */
public final class WireEnum {

    private static final String ZERO = "UNSPECIFIED";

    private WireEnum() {}

    /** The constant of the same name; empty for the wire's zero value, and for what is newer than this client. */
    public static <E extends Enum<E>> Optional<E> read(Class<E> type, ProtocolMessageEnum wire) {
        String zero = wire.getDescriptorForType().getValues().get(0).getName();
        String prefix = zero.substring(0, zero.length() - ZERO.length());
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> wire.toString().equals(prefix + constant.name()))
                .findFirst();
    }
}
