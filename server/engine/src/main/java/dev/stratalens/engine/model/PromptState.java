package dev.stratalens.engine.model;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private final List<DecoderStage> stageOfBlock;
    private final Map<DecoderStage, TorchScope> scopes = new HashMap<>();
    private final @Nullable Remembered[] blocks;
    private int length;

    /** An empty state of the blocks that lie there. */
    PromptState(List<DecoderStage> stageOfBlock) {
        this.stageOfBlock = List.copyOf(stageOfBlock);
        this.blocks = new Remembered[stageOfBlock.size()];
        stageOfBlock.forEach(stage -> scopes.computeIfAbsent(stage, DecoderStage::stateScope));
    }

    /** Tokens so far. */
    public int length() {
        return length;
    }

    /** Keys and values of a block; may reach further than {@link #length}. */
    List<TorchTensor> of(int block) {
        Remembered known = blocks[block];
        TorchTensor nothing = stageOfBlock.get(block).nothing();
        return known == null ? List.of(nothing, nothing) : List.of(known.keys(), known.values());
    }

    /** Takes over keys and values of the tokens so far and of more. */
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

    /** All blocks have seen so many more tokens. */
    void advance(int tokens) {
        length += tokens;
    }

    @Override
    public void close() {
        scopes.values().forEach(TorchScope::close);
    }
}
