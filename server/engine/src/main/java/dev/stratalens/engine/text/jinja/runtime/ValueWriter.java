package dev.stratalens.engine.text.jinja.runtime;

import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/** Writes a value and its parts. */
abstract class ValueWriter {

    /** The spelling of true, false and none. */
    record Words(String yes, String no, String none) {}

    final StringBuilder out = new StringBuilder();
    final Fuel fuel;
    private final Words words;
    private final String itemSeparator;
    private final String keySeparator;
    private int depth;

    ValueWriter(Fuel fuel, Words words, String itemSeparator, String keySeparator) {
        this.fuel = fuel;
        this.words = words;
        this.itemSeparator = itemSeparator;
        this.keySeparator = keySeparator;
    }

    final void write(Object value) {
        fuel.spend(1);
        if (value instanceof String text) {
            quote(fuel.made(text));
        } else if (value instanceof Boolean truth) {
            out.append(truth ? words.yes() : words.no());
        } else if (value == Nothing.NONE) {
            out.append(words.none());
        } else if (value instanceof Long) {
            out.append(value);
        } else if (value instanceof Double number) {
            out.append(number(number));
        } else if (value instanceof Sequence sequence && sequence.kind() != Sequence.Kind.VIEW) {
            writeSequence(sequence);
        } else if (value instanceof Map<?, ?> map) {
            writeAll("{", inOrder(map).entrySet(), this::writeEntry, "}");
        } else {
            throw unwritable(value);
        }
    }

    /** Writes the parts in brackets. */
    final <T> void writeAll(String open, Collection<? extends T> parts, Consumer<T> write, String close) {
        fuel.enter();
        depth++;
        out.append(open);
        String separator = "";
        for (T part : parts) {
            out.append(separator);
            breakLine(depth);
            write.accept(part);
            separator = itemSeparator;
        }
        depth--;
        if (!parts.isEmpty()) {
            breakLine(depth);
        }
        out.append(close);
        fuel.leave();
    }

    private void writeEntry(Map.Entry<?, ?> entry) {
        writeKey(entry.getKey());
        out.append(keySeparator);
        write(entry.getValue());
    }

    /** Called before each part in brackets and after the last. */
    void breakLine(int depth) {}

    Map<?, ?> inOrder(Map<?, ?> map) {
        return map;
    }

    void writeSequence(Sequence sequence) {
        writeAll("[", sequence, this::write, "]");
    }

    void writeKey(Object key) {
        write(key);
    }

    abstract void quote(String text);

    abstract String number(double number);

    abstract TemplateException unwritable(Object value);
}
