package dev.stratalens.engine.lens.fit;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.checkpoint.SafetensorsWriter.Numbers;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.StoredNumbers;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.transport.FittedLens;
import dev.stratalens.engine.lens.transport.LensFile;
import dev.stratalens.engine.lens.transport.LensFile.MapNumbers;
import dev.stratalens.engine.lens.transport.LensOrigin;
import dev.stratalens.engine.lens.transport.MapForm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Merges Jacobian lenses that were fitted on different texts: the mean of their matrices, each with its number of prompts as weight, is
 * the lens of all texts together.
 */
public final class LensMerge {

    private static final int NUMBERS_TOGETHER = 1 << 18;

    private final List<FittedLens> lenses;
    private final long prompts;

    /**
     * Checks that lenses go together.
     *
     * @param lenses 2 or more
     * @throws FitFailedException if one is no Jacobian lens, does not say how many prompts it was fitted on, or is of another model or
     *     kind of fit than the first
     */
    public LensMerge(List<FittedLens> lenses) {
        this.lenses = List.copyOf(lenses);
        for (FittedLens lens : lenses) {
            require(lens);
        }
        this.prompts =
                lenses.stream().mapToLong(lens -> lens.origin().prompts()).sum();
    }

    private void require(FittedLens lens) {
        FittedLens first = lenses.get(0);
        LensOrigin origin = lens.origin();
        if (lens.form() != MapForm.PLAIN
                || lens.maps().values().stream().anyMatch(map -> map.bias().isPresent())) {
            throw new FitFailedException(
                    "Only Jacobian lenses are merged: the mean of two tuned lenses is not the tuned lens of both texts.");
        }
        if (origin.prompts() == 0) {
            throw new FitFailedException(
                    "A lens does not say how many prompts it was fitted on, so its weight is not known.");
        }
        boolean together = lens.width() == first.width()
                && lens.maps().keySet().equals(first.maps().keySet())
                && origin.model().equals(first.origin().model())
                && origin.revision().equals(first.origin().revision())
                && origin.unembeddingHash().equals(first.origin().unembeddingHash())
                && origin.skippedPositions() == first.origin().skippedPositions();
        if (!together) {
            throw new FitFailedException(
                    "The lenses differ in width, read points, model, revision, unembedding or the positions left out. Merge lenses"
                            + " that were fitted in the same way; `lens inspect` shows what they are.");
        }
    }

    /** Prompts of all. */
    public long prompts() {
        return prompts;
    }

    /** Writes the merged lens in float32. */
    public void write(OutputStream out) throws IOException {
        LensOrigin first = lenses.get(0).origin();
        var origin = new LensOrigin(
                first.fittedBy(),
                first.model(),
                first.revision(),
                first.unembeddingHash(),
                prompts,
                first.skippedPositions());
        try (StoredBytes bytes = new StoredBytes()) {
            var maps = new TreeMap<ReadPoint, MapNumbers>();
            lenses.get(0).maps().forEach((point, map) -> {
                var mean = new Numbers(StoredType.F32, map.matrix().shape(), to -> writeMean(bytes, point, to));
                maps.put(point, new MapNumbers(mean, Optional.empty()));
            });
            LensFile.write(MapForm.PLAIN, origin, maps, out);
        }
    }

    private void writeMean(StoredBytes bytes, ReadPoint point, OutputStream out) throws IOException {
        List<TensorInfo> matrices = lenses.stream()
                .map(lens -> requireNonNull(lens.maps().get(point)).matrix())
                .toList();
        long total = matrices.get(0).elementCount();
        for (long first = 0; first < total; first += NUMBERS_TOGETHER) {
            int count = (int) Math.min(NUMBERS_TOGETHER, total - first);
            double[] mean = new double[count];
            for (int index = 0; index < matrices.size(); index++) {
                double weight = (double) lenses.get(index).origin().prompts() / prompts;
                float[] numbers = StoredNumbers.read(bytes, matrices.get(index), first, count);
                for (int i = 0; i < count; i++) {
                    mean[i] += weight * numbers[i];
                }
            }
            ByteBuffer written = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (double number : mean) {
                written.putFloat((float) number);
            }
            out.write(written.array());
        }
    }
}
