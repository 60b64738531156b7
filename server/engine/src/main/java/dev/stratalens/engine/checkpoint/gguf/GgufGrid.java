package dev.stratalens.engine.checkpoint.gguf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Lists of groups of numbers that blocks of the IQ types choose from. They are part of the format. Signs are stored
 * apart.
 */
enum GgufGrid {
    // In the order of the resource.
    IQ2_XXS(256, 8, 25, 43),
    IQ2_XS(512, 8, 25, 43),
    IQ2_S(1024, 8, 25, 43),
    IQ1_S(2048, -1, 0, 1),
    IQ3_XXS(256, 4, 12, 20, 28, 36, 44, 52, 62),
    IQ3_S(512, 1, 3, 5, 7, 9, 11, 13, 15);

    private static final String RESOURCE = "grids.bin";
    private static final int ENTRY_BITS = 16;

    /** Read once a block needs it. */
    private static final class Entries {

        static final ByteBuffer ALL = read();

        private static ByteBuffer read() {
            try (InputStream in = Objects.requireNonNull(GgufGrid.class.getResourceAsStream(RESOURCE), RESOURCE)) {
                return ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final int entries;

    @SuppressWarnings("ImmutableEnumChecker") // never written
    private final int[] values;

    GgufGrid(int entries, int... values) {
        this.entries = entries;
        this.values = values;
    }

    /** Numbers of an entry. */
    int size() {
        return ENTRY_BITS / bits();
    }

    /** A number of an entry. */
    int number(int entry, int index) {
        int bits = bits();
        int packed = Entries.ALL.getShort((first() + entry) * Short.BYTES);
        return values[packed >> (index * bits) & ((1 << bits) - 1)];
    }

    private int bits() {
        return values.length == 3 ? 2 : 4;
    }

    private int first() {
        int first = 0;
        for (GgufGrid grid : values()) {
            if (grid == this) {
                break;
            }
            first += grid.entries;
        }
        return first;
    }
}
