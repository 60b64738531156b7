package dev.stratalens.server.models;

import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** Chooses what has to leave the cards for a model that has no room on them. A pure function. */
final class CardRoom {

    private CardRoom() {}

    /**
     * As few of the models as help as much as all of them, the least recently used first. One that is not on the cards that
     * matter stays.
     *
     * @param unused models that may leave, the least recently used first
     * @param bytes what each gives back on each card
     * @param homeless number of blocks without room if each card has so many more bytes free
     * @return none if not even all of them help
     */
    static <M> List<M> made(
            List<M> unused, Function<M, Map<Device, Long>> bytes, ToIntFunction<Map<Device, Long>> homeless) {
        int fewest = homeless.applyAsInt(together(unused, bytes));
        var leaving = new ArrayList<>(unused);
        for (int i = unused.size() - 1; i >= 0; i--) {
            M kept = leaving.remove(i);
            if (homeless.applyAsInt(together(leaving, bytes)) > fewest) {
                leaving.add(i, kept);
            }
        }
        return List.copyOf(leaving);
    }

    private static <M> Map<Device, Long> together(List<M> models, Function<M, Map<Device, Long>> bytes) {
        var sum = new HashMap<Device, Long>();
        for (M model : models) {
            bytes.apply(model).forEach((card, some) -> sum.merge(card, some, Long::sum));
        }
        return sum;
    }
}
