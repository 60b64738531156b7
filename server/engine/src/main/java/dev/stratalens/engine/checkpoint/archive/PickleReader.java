package dev.stratalens.engine.checkpoint.archive;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a pickle as data: dictionaries, lists, tuples, strings, numbers, and what a {@link Constructors} makes of the few names that it
 * knows. A pickle is a program for a small stack machine, which in Python may call anything. Here it cannot: a name that is not known
 * is refused. Nothing is allocated that the pickle does not have the bytes for.
 *
 * <p>Source of the instructions: CPython's {@code pickletools}. Those that {@code torch.save} and {@code pickle.dumps} write for such
 * data, in protocols 2 to 5, are read.
 */
final class PickleReader {

    private static final Object MARK = new Object();

    /** What a pickle may call. */
    interface Constructors {

        /**
         * What stands for a name of Python.
         *
         * @param name module and name, with a period between them
         * @throws IOException if no such name is known
         */
        Object named(String name) throws IOException;

        /**
         * Calls it.
         *
         * @param callable what {@link #named} gave
         * @throws IOException if it cannot be called, or not with these arguments
         */
        Object call(Object callable, List<?> arguments) throws IOException;

        /** An object that lies outside of the pickle. */
        Object persistent(Object id) throws IOException;
    }

    private final ByteBuffer in;
    private final Constructors constructors;
    private final Deque<Object> stack = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();

    private PickleReader(byte[] pickle, Constructors constructors) {
        this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        this.constructors = constructors;
    }

    /** Stands for Python's None on the stack, which takes no null. */
    enum None {
        NONE
    }

    /**
     * The object that a pickle describes: {@link Map}, {@link List} (also for a tuple), {@link String}, {@link Long}, {@link Double},
     * {@link Boolean}, {@link None}, or what the constructors made.
     *
     * @throws IOException if it is cut off, contradicts itself or does what is not allowed; the message says which
     */
    static Object read(byte[] pickle, Constructors constructors) throws IOException {
        try {
            return new PickleReader(pickle, constructors).read();
        } catch (BufferUnderflowException | NoSuchElementException | ClassCastException e) {
            throw new IOException("the pickle is damaged", e);
        }
    }

    private Object read() throws IOException {
        while (true) {
            int instruction = in.get() & 0xFF;
            if (instruction == '.') {
                return stack.pop();
            }
            step(instruction);
        }
    }

    private void step(int instruction) throws IOException {
        switch (instruction) {
            case 0x80 -> in.get();
            case 0x95 -> in.getLong();
            case '(' -> stack.push(MARK);
            case '}' -> stack.push(new LinkedHashMap<>());
            case ']' -> stack.push(new ArrayList<>());
            case ')' -> stack.push(List.of());
            case 't' -> stack.push(marked());
            case 0x85 -> stack.push(popped(1));
            case 0x86 -> stack.push(popped(2));
            case 0x87 -> stack.push(popped(3));
            case 'N' -> stack.push(None.NONE);
            case 0x88 -> stack.push(true);
            case 0x89 -> stack.push(false);
            case 'K' -> stack.push(in.get() & 0xFFL);
            case 'M' -> stack.push(in.getShort() & 0xFFFFL);
            case 'J' -> stack.push((long) in.getInt());
            case 0x8A -> stack.push(longOf(in.get() & 0xFF));
            case 'G' -> stack.push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
            case 'X' -> stack.push(text(in.getInt()));
            case 0x8C -> stack.push(text(in.get() & 0xFF));
            case 'q' -> memo.put(in.get() & 0xFF, stack.element());
            case 'r' -> memo.put(in.getInt(), stack.element());
            case 0x94 -> memo.put(memo.size(), stack.element());
            case 'h' -> stack.push(remembered(in.get() & 0xFF));
            case 'j' -> stack.push(remembered(in.getInt()));
            case 'a' -> append(popped(1));
            case 'e' -> append(marked());
            case 's' -> set(popped(2));
            case 'u' -> set(marked());
            case 'c' -> stack.push(constructors.named(line() + "." + line()));
            case 0x93 -> {
                List<Object> names = popped(2);
                stack.push(constructors.named((String) names.get(0) + "." + (String) names.get(1)));
            }
            case 'R' -> {
                List<?> arguments = (List<?>) stack.pop();
                stack.push(constructors.call(stack.pop(), arguments));
            }
            case 'b' -> {
                // Attributes, which dictionaries have none of that matter: torch notes the versions of modules there.
                Object attributes = stack.pop();
                if (!(attributes instanceof Map && stack.element() instanceof Map)) {
                    throw new IOException("the pickle sets attributes of what is no dictionary");
                }
            }
            case 'Q' -> stack.push(constructors.persistent(stack.pop()));
            default ->
                throw new IOException(
                        "the pickle has the instruction 0x%02X, which data does not need".formatted(instruction));
        }
    }

    private Object remembered(int index) {
        Object known = memo.get(index);
        if (known == null) {
            throw new NoSuchElementException();
        }
        return known;
    }

    private long longOf(int size) throws IOException {
        if (size > Long.BYTES) {
            throw new IOException("the pickle has an integer of more than 64 bits");
        }
        byte[] bytes = new byte[size];
        in.get(bytes);
        long value = size > 0 && bytes[size - 1] < 0 ? -1 : 0;
        for (int i = size - 1; i >= 0; i--) {
            value = (value << Byte.SIZE) | (bytes[i] & 0xFF);
        }
        return value;
    }

    private String text(int size) {
        if (size < 0 || size > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[size];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() {
        int start = in.position();
        while (in.get() != '\n') {
            // To its end.
        }
        return new String(in.array(), start, in.position() - 1 - start, StandardCharsets.UTF_8);
    }

    private List<Object> popped(int count) {
        List<Object> objects = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            objects.add(stack.pop());
        }
        Collections.reverse(objects);
        requireNoMark(objects);
        return Collections.unmodifiableList(objects);
    }

    private List<Object> marked() {
        List<Object> objects = new ArrayList<>();
        for (Object next = stack.pop(); next != MARK; next = stack.pop()) {
            objects.add(next);
        }
        Collections.reverse(objects);
        return Collections.unmodifiableList(objects);
    }

    private static void requireNoMark(List<Object> objects) {
        if (objects.contains(MARK)) {
            throw new NoSuchElementException();
        }
    }

    @SuppressWarnings("unchecked") // only this class makes lists that are on the stack, and an unmodifiable one refuses
    private void append(List<Object> values) throws IOException {
        if (!(stack.element() instanceof ArrayList<?> list)) {
            throw new IOException("the pickle appends to what is no list");
        }
        ((List<@Nullable Object>) list).addAll(values);
    }

    @SuppressWarnings("unchecked") // only this class and its constructors make maps that are on the stack
    private void set(List<Object> pairs) throws IOException {
        if (pairs.size() % 2 != 0 || !(stack.element() instanceof LinkedHashMap<?, ?> map)) {
            throw new IOException("the pickle sets keys of what is no dictionary");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            Object key = pairs.get(i);
            if (!(key instanceof String || key instanceof Long)) {
                throw new IOException("the pickle has a key that is neither a text nor an integer");
            }
            if (((Map<Object, Object>) map).put(key, pairs.get(i + 1)) != null) {
                throw new IOException("the pickle sets the key " + key + " twice");
            }
        }
    }
}
