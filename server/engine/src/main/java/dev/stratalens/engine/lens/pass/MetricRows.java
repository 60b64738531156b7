package dev.stratalens.engine.lens.pass;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.model.Decoder;
import dev.stratalens.engine.model.PackedPrompts;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of the model's own output at the positions of metrics, whether or not the plan reads them. */
final class MetricRows {

    private final Decoder decoder;
    private final TorchScope scope;
    /** Places of rows, by result and position. */
    private final Map<Key, Integer> places = new LinkedHashMap<>();

    private final Optional<TorchTensor> store;

    private record Key(PlanResult result, int position) {}

    /** @param scope on the device of the output */
    MetricRows(Decoder decoder, TorchScope scope, List<PlanResult> results) {
        this.decoder = decoder;
        this.scope = scope;
        for (PlanResult result : results) {
            for (int position : result.metricPositions()) {
                places.putIfAbsent(new Key(result, position), places.size());
            }
        }
        this.store = places.isEmpty() ? Optional.empty() : Optional.of(decoder.rowStore(scope, places.size()));
    }

    /** Keeps rows of the last layer. */
    void keep(TorchTensor residual, PackedPrompts packed, List<PlanResult> results) {
        var here = places.keySet().stream()
                .filter(key -> Arrays.binarySearch(packed.indexes(), results.indexOf(key.result())) >= 0)
                .toList();
        if (here.isEmpty()) {
            return;
        }
        long[] rows = here.stream()
                .mapToLong(key ->
                        (long) packed.start(Arrays.binarySearch(packed.indexes(), results.indexOf(key.result())))
                                + key.position())
                .toArray();
        long[] to = here.stream().mapToLong(places::get).toArray();
        try (TorchTensor from = scope.longs(rows, rows.length);
                TorchTensor into = scope.longs(to, to.length)) {
            decoder.keepRows(residual, from, store.orElseThrow(), into, 0);
        }
    }

    /** The kept rows, in the compute type, [rows, d]; only if there are metrics. */
    TorchTensor store() {
        return store.orElseThrow();
    }

    /** The place of a row. */
    int place(PlanResult result, int position) {
        return requireNonNull(places.get(new Key(result, position)));
    }
}
