package dev.stratalens.cli.input;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.TypeConversionException;

/** The values that an option takes, as they are written on the command line: for reading, for help and for completion. */
public class Choice<T> implements ITypeConverter<T>, Iterable<String> {

    private final List<T> values;
    private final Function<? super T, String> word;

    protected Choice(List<T> values, Function<? super T, String> word) {
        this.values = List.copyOf(values);
        this.word = word;
    }

    /** Refuses with the list of what there is. */
    @Override
    public final T convert(String text) {
        return values.stream()
                .filter(value -> word.apply(value).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "\"%s\" is not one of %s".formatted(text, String.join(", ", this))));
    }

    @Override
    public final Iterator<String> iterator() {
        return values.stream().map(word).iterator();
    }

    /** A value as it is written on the command line. */
    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Makes a command, and those below it, read all enums of its options this way. */
    public static void register(CommandLine line) {
        for (ArgSpec argument : line.getCommandSpec().args()) {
            Class<?> type = argument.auxiliaryTypes()[0];
            if (type.isEnum() && argument.converters().length == 0) {
                register(type, line);
            }
        }
        line.getSubcommands().values().forEach(Choice::register);
    }

    private static <E> void register(Class<E> type, CommandLine line) {
        line.registerConverter(type, new Choice<>(Arrays.asList(type.getEnumConstants()), Object::toString));
    }
}
