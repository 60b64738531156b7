package dev.stratalens.engine.model;

import dev.stratalens.engine.model.change.RowChange;
import dev.stratalens.engine.model.change.RowOperation;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import dev.stratalens.engine.tensor.TorchTensorMap;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The changes at sites of one block as tensors on its device, for the prompts that are in the pass now. */
final class ChangeTensors implements AutoCloseable {

    private final TorchScope scope;
    private final PackedPrompts packed;
    private final int[] pasts;
    private final Function<TorchTensor, TorchTensor> entered;
    private final Map<String, TorchTensor> tensors = new HashMap<>();
    private Optional<TorchTensorMap> map = Optional.empty();

    /**
     * @param scope for the tensors; closed with this
     * @param pasts number of earlier tokens of each prompt
     * @param entered rows of the stream as it entered the block, by their indexes in the pass
     */
    ChangeTensors(TorchScope scope, PackedPrompts packed, int[] pasts, Function<TorchTensor, TorchTensor> entered) {
        this.scope = scope;
        this.packed = packed;
        this.pasts = pasts;
        this.entered = entered;
    }

    /** The name of a site in programs. */
    static String name(Site site) {
        return site.name().toLowerCase(Locale.ROOT);
    }

    /** Adds the changes at a site. Those of prompts and tokens that are not in the pass are left out. */
    void add(Site site, List<RowChange> changes) {
        int index = 0;
        for (RowChange change : changes) {
            int place = Arrays.binarySearch(packed.indexes(), change.prompt());
            int[] here = place < 0
                    ? new int[0]
                    : IntStream.range(0, change.positions().length)
                            .filter(i -> isHere(change.positions()[i], place))
                            .toArray();
            if (here.length > 0) {
                add("change.%s.%d.".formatted(name(site), index++), change, here, rows(change, here, place));
            }
        }
    }

    private boolean isHere(int position, int place) {
        return position >= pasts[place] && position < pasts[place] + packed.lengths()[place];
    }

    /** Indexes of the rows, or of their heads, in the pass. */
    private long[] rows(RowChange change, int[] here, int place) {
        long first = packed.start(place) - (long) pasts[place];
        return Arrays.stream(here)
                .mapToLong(i -> (first + change.positions()[i]) * change.headCount())
                .flatMap(row -> Arrays.stream(change.heads()).mapToLong(head -> row + head))
                .toArray();
    }

    private void add(String part, RowChange change, int[] here, long[] rows) {
        TorchTensor indexes = scope.longs(rows, rows.length);
        tensors.put(part + "rows", indexes);
        tensors.put(part + "parts", scope.longs(new long[change.headCount()], change.headCount()));
        RowOperation operation = change.operation();
        if (operation instanceof RowOperation.Set set) {
            tensors.put(part + "value", value(set, here, change.heads().length));
        } else if (operation instanceof RowOperation.Scale scale) {
            tensors.put(part + "factor", vector(scale.factor()));
        } else if (operation instanceof RowOperation.Shift shift) {
            tensors.put(part + "shift", vector(shift.vector()));
            shift.largestShare().ifPresent(share -> tensors.put(part + "largest_share", vector((float) share)));
        } else if (operation instanceof RowOperation.ShiftByLength shift) {
            tensors.put(part + "shift_by_length", vector(shift.vector()));
        } else if (operation instanceof RowOperation.Push push) {
            tensors.put(part + "probe", vector(push.probe()));
            tensors.put(part + "push", vector(push.push()));
        } else {
            tensors.put(part + "value", entered.apply(indexes));
        }
    }

    private TorchTensor vector(float... values) {
        return scope.floats(values, 1, values.length);
    }

    private TorchTensor value(RowOperation.Set set, int[] here, int heads) {
        if (set.isOneForAll()) {
            return vector(set.values());
        }
        int size = heads * set.width();
        var some = new float[here.length * size];
        for (int i = 0; i < here.length; i++) {
            System.arraycopy(set.values(), here[i] * size, some, i * size, size);
        }
        return scope.floats(some, (long) here.length * heads, set.width());
    }

    /** The dictionary; empty if nothing is changed. */
    Optional<TorchTensorMap> map(Function<Map<String, TorchTensor>, TorchTensorMap> make) {
        map = tensors.isEmpty() ? Optional.empty() : Optional.of(make.apply(tensors));
        return map;
    }

    @Override
    public void close() {
        map.ifPresent(TorchTensorMap::close);
        scope.close();
    }
}
