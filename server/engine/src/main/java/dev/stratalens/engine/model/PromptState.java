package dev.stratalens.engine.model;

import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the blocks remember of a prompt that comes in pieces: the keys and values of every token so far, and how many there
 * are. Empty for a new prompt. A pass that does not reach the last block leaves it as it was. Not thread-safe; closing frees
 * the keys and values.
 */
public final class PromptState implements AutoCloseable {

    /**
     * Of one block.
     *
     * @param keys turned already, [heads, tokens, head size]
     * @param values [heads, tokens, value size]
     */
    private record Remembered(TorchTensor keys, TorchTensor values) {

        private void close() {
            keys.close();
            values.close();
        }
    }

    private final TorchScope scope;
    private final TorchTensor nothing;
    private final @Nullable Remembered[] blocks;
    private int length;

    /**
     * An empty state.
     *
     * @param scope of the keys and values; closed with the state
     * @param nothing stands for keys and values of no token
     */
    PromptState(TorchScope scope, TorchTensor nothing, int blocks) {
        this.scope = scope;
        this.nothing = nothing;
        this.blocks = new Remembered[blocks];
    }

    /** Tokens so far. */
    public int length() {
        return length;
    }

    /** Keys and values of a block; may reach further than {@link #length}. */
    List<TorchTensor> of(int block) {
        Remembered known = blocks[block];
        return known == null ? List.of(nothing, nothing) : List.of(known.keys(), known.values());
    }

    /** Takes over keys and values of the tokens so far and of more. */
    void remember(int block, TorchTensor keys, TorchTensor values) {
        Remembered before = blocks[block];
        scope.adopt(keys);
        scope.adopt(values);
        blocks[block] = new Remembered(keys, values);
        if (before != null) {
            before.close();
        }
    }

    /** All blocks have seen so many more tokens. */
    void advance(int tokens) {
        length += tokens;
    }

    @Override
    public void close() {
        scope.close();
    }
}
