package dev.stratalens.engine.model;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of a prompt that comes in pieces: what each block remembers of its tokens so far, and their number. Attention
 * remembers the keys and values of all tokens, other mixers a state of fixed size. Empty for a new prompt. A pass that does
 * not reach the last block does not change it. Not thread-safe; closing frees the memory.
 */
public final class PromptState implements AutoCloseable {

    private final List<DecoderStage> stageOfBlock;
    private final Map<DecoderStage, TorchScope> scopes = new HashMap<>();
    /** By block: of {@link #length} tokens, or of more if the mixer's memory grows. */
    private final List<List<TorchTensor>> known;
    /** By block, including the tokens of a pass that has not reached the last block. */
    private final List<List<TorchTensor>> next;

    /** Whose memory this reads; this one then keeps nothing. */
    private final Optional<PromptState> read;

    private int length;

    /** Creates an empty state for blocks on these stages. */
    PromptState(List<DecoderStage> stageOfBlock) {
        this.stageOfBlock = List.copyOf(stageOfBlock);
        this.read = Optional.empty();
        this.known = new ArrayList<>(Collections.nCopies(stageOfBlock.size(), List.of()));
        this.next = new ArrayList<>(known);
        stageOfBlock.forEach(stage -> scopes.computeIfAbsent(stage, DecoderStage::stateScope));
    }

    private PromptState(PromptState read, int length) {
        this.stageOfBlock = read.stageOfBlock;
        this.known = List.of();
        this.next = List.of();
        this.read = Optional.of(read);
        this.length = length;
    }

    /**
     * The state after the first tokens, for passes that read it and keep nothing. Only if every block's memory grows with the tokens.
     * Must not be used after this state is closed.
     *
     * @param tokens at most {@link #length}
     */
    public PromptState first(int tokens) {
        return new PromptState(this, tokens);
    }

    /** Number of tokens so far. */
    public int length() {
        return length;
    }

    /** The number of tokens, negative if what is remembered of them must not be written to. */
    long signedLength() {
        return read.isPresent() ? -length : length;
    }

    /** The memory of a block. */
    List<TorchTensor> of(int block) {
        if (read.isPresent()) {
            return read.get().of(block);
        }
        DecoderStage stage = stageOfBlock.get(block);
        return known.get(block).isEmpty()
                ? Collections.nCopies(stage.mixer(block).remembered(), stage.nothing())
                : known.get(block);
    }

    /** Takes ownership of a block's memory of all tokens, including new ones. */
    void remember(int block, List<TorchTensor> memory) {
        if (read.isPresent()) {
            memory.forEach(TorchTensor::close);
            return;
        }
        DecoderStage stage = stageOfBlock.get(block);
        TorchScope scope = requireNonNull(scopes.get(stage));
        memory.forEach(scope::adopt);
        next.set(block, memory).forEach(TorchTensor::close);
        if (stage.mixer(block).growing()) {
            keep(block); // now, so that not all keys exist twice until the end of the pass
        }
    }

    private void keep(int block) {
        if (!next.get(block).isEmpty()) {
            known.set(block, next.set(block, List.of())).forEach(TorchTensor::close);
        }
    }

    /** Adds tokens that all blocks have processed. */
    void advance(int tokens) {
        for (int block = 0; block < next.size(); block++) {
            keep(block);
        }
        length += tokens;
    }

    @Override
    public void close() {
        scopes.values().forEach(TorchScope::close);
    }
}
