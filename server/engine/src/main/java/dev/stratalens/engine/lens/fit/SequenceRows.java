package dev.stratalens.engine.lens.fit;

import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.PackedPrompts;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** The residual stream of some sequences at every layer, the embedding first, [tokens, d] each. Closing frees it. */
final class SequenceRows implements AutoCloseable {

    private static final int MOST_TOKENS = 4096;
    private static final long MOST_BYTES = 256L << 20;
    /** Of a tensor as wide as the vocabulary: 64 MiB. */
    private static final int MOST_LOGITS = 1 << 24;

    private final CausalLanguageModel model;
    private final TorchScope scope;
    private final List<TorchTensor> layers = new ArrayList<>();
    private final List<long[]> chunks = new ArrayList<>();

    /**
     * Runs the model.
     *
     * @param from first position of each sequence that counts
     */
    SequenceRows(CausalLanguageModel model, List<int[]> sequences, int from) {
        this.model = model;
        this.scope = model.decoder().requestScope(model.head().device());
        try {
            PackedPrompts prompts = PackedPrompts.of(sequences.toArray(int[][]::new));
            chunk(prompts, from);
            int tokens = prompts.tokenIds().length;
            long[] all = LongStream.range(0, tokens).toArray();
            TorchTensor every = scope.longs(all, tokens);
            model.decoder().forward(prompts, (layer, residual, packed) -> {
                TorchTensor store = model.decoder().rowStore(scope, tokens);
                model.decoder().keepRows(residual, every, store, every, 0);
                layers.add(store);
                return packed;
            });
        } catch (Throwable failure) {
            scope.close();
            throw failure;
        }
    }

    private void chunk(PackedPrompts prompts, int from) {
        long[] rows = LongStream.range(0, prompts.lengths().length)
                .flatMap(place -> LongStream.range(
                        prompts.start((int) place) + from, prompts.start((int) place) + prompts.lengths()[(int) place]))
                .toArray();
        int most = Math.max(1, MOST_LOGITS / model.head().vocabularySize());
        for (int first = 0; first < rows.length; first += most) {
            chunks.add(Arrays.copyOfRange(rows, first, Math.min(first + most, rows.length)));
        }
    }

    /** How many of the next sequences run together: at least one. */
    static int together(CausalLanguageModel model, List<int[]> sequences) {
        long bytesPerToken = (model.architecture().extents().blocks() + 1L)
                * model.architecture().extents().hidden()
                * Float.BYTES;
        long room = Math.min(MOST_TOKENS, MOST_BYTES / bytesPerToken);
        int count = 0;
        long tokens = 0;
        while (count < sequences.size() && (count == 0 || tokens + sequences.get(count).length <= room)) {
            tokens += sequences.get(count++).length;
        }
        return count;
    }

    /** Number of chunks: rows whose logits are in memory together. */
    int chunkCount() {
        return chunks.size();
    }

    /** Rows of a chunk. */
    int rows(int chunk) {
        return chunks.get(chunk).length;
    }

    /** Rows of a chunk at a layer; 0 is the embedding. */
    TorchTensor chunk(TorchScope owner, int layer, int chunk) {
        return model.head().select(owner, layers.get(layer), chunks.get(chunk));
    }

    /** Rows of a chunk after the last block. */
    TorchTensor last(TorchScope owner, int chunk) {
        return chunk(owner, layers.size() - 1, chunk);
    }

    @Override
    public void close() {
        scope.close();
    }
}
