package dev.stratalens.engine.model;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a prompt that comes in pieces: the keys and values of every token so far, and their number. Empty for a
 * new prompt. A pass that does not reach the last block does not change it. Not thread-safe; closing frees the keys and
 * values.
 */
public final class PromptState implements AutoCloseable {

    /**
     * Keys and values of one block.
     *
     * @param keys already rotated, [heads, tokens, head size]
     * @param values [heads, tokens, value size]
     */
    private record Remembered(TorchTensor keys, TorchTensor values) {

        private void close() {
            keys.close();
            values.close();
        }
    }

    private final List<DecoderStage> stageOfBlock;
    private final Map<DecoderStage, TorchScope> scopes = new HashMap<>();
    private final @Nullable Remembered[] blocks;
    private int length;

    /** Creates an empty state for blocks on these stages. */
    PromptState(List<DecoderStage> stageOfBlock) {
        this.stageOfBlock = List.copyOf(stageOfBlock);
        this.blocks = new Remembered[stageOfBlock.size()];
        stageOfBlock.forEach(stage -> scopes.computeIfAbsent(stage, DecoderStage::stateScope));
    }

    /** Number of tokens so far. */
    public int length() {
        return length;
    }

    /** Keys and values of a block; they may include more tokens than {@link #length}. */
    List<TorchTensor> of(int block) {
        Remembered known = blocks[block];
        TorchTensor nothing = stageOfBlock.get(block).nothing();
        return known == null ? List.of(nothing, nothing) : List.of(known.keys(), known.values());
    }

    /** Takes ownership of keys and values of all tokens, including new ones. */
    void remember(int block, TorchTensor keys, TorchTensor values) {
        Remembered before = blocks[block];
        TorchScope scope = requireNonNull(scopes.get(stageOfBlock.get(block)));
        scope.adopt(keys);
        scope.adopt(values);
        blocks[block] = new Remembered(keys, values);
        if (before != null) {
            before.close();
        }
    }

    /** Adds tokens that all blocks have processed. */
    void advance(int tokens) {
        length += tokens;
    }

    @Override
    public void close() {
        scopes.values().forEach(TorchScope::close);
    }
}
