package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.pass.BlockReader.BegunBlock;
import dev.stratalens.engine.lens.pass.CellBlocks.Block;
import org.jspecify.annotations.Nullable;

/** The blocks of one device, read one after another. */
final class HeadTurn implements AutoCloseable {

    private final HeadRows head;
    private final CellBlocks blocks;
    private final BlockReader reader;
    private Block next;
    private @Nullable BegunBlock begun;

    HeadTurn(HeadRows head, CellBlocks blocks, BlockReader reader) {
        this.head = head;
        this.blocks = blocks;
        this.reader = reader;
        this.next = blocks.next();
    }

    /** Whether a block is left to begin with. */
    boolean hasNext() {
        return !next.isEmpty();
    }

    /** Has the device begin with the next block. */
    void begin() {
        begun = reader.begin(next, head);
        next = blocks.next();
    }

    /** Waits for the block that was begun, if there is one, and passes on its cells. */
    void finish() {
        BegunBlock block = begun;
        if (block != null) {
            begun = null;
            try (block) {
                reader.finish(block);
            }
            BlockReader.emit(block);
        }
    }

    /** Frees what was begun. */
    @Override
    public void close() {
        if (begun != null) {
            begun.close();
        }
    }
}
