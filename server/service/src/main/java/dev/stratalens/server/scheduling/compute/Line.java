package dev.stratalens.server.scheduling.compute;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** What waits, in the order of its turns. Not thread-safe. */
public sealed interface Line<T> {

    void add(T one);

    /** One has its turn and leaves. */
    void take(T one);

    /** One leaves without a turn; false if it does not wait. */
    boolean remove(T one);

    /** All that wait. */
    List<T> inOrder();

    boolean isEmpty();

    /** First come, first served. */
    final class FirstCome<T> implements Line<T> {

        private final List<T> waiting = new ArrayList<>();

        @Override
        public void add(T one) {
            waiting.add(one);
        }

        @Override
        public void take(T one) {
            waiting.remove(one);
        }

        @Override
        public boolean remove(T one) {
            return waiting.remove(one);
        }

        @Override
        public List<T> inOrder() {
            return waiting;
        }

        @Override
        public boolean isEmpty() {
            return waiting.isEmpty();
        }
    }

    /** Several lines, which take turns. */
    final class ByTurns<K, T> implements Line<T> {

        private final Function<T, K> owner;
        private final ToIntFunction<T> weight;
        private final Supplier<Line<T>> newLine;
        private final Map<K, Line<T>> lines = new HashMap<>();
        private final TurnOrder<K> turns = new TurnOrder<>();

        /**
         * @param owner whose line something waits in
         * @param weight of that line, from the time when this is added
         * @param newLine one of these lines
         */
        public ByTurns(Function<T, K> owner, ToIntFunction<T> weight, Supplier<Line<T>> newLine) {
            this.owner = owner;
            this.weight = weight;
            this.newLine = newLine;
        }

        @Override
        public void add(T one) {
            K its = owner.apply(one);
            lines.computeIfAbsent(its, unseen -> newLine.get()).add(one);
            turns.waits(its, weight.applyAsInt(one));
        }

        @Override
        public void take(T one) {
            K its = owner.apply(one);
            turns.takesTurn(its, lines.keySet());
            requireNonNull(lines.get(its)).take(one);
            forgetEmpty();
        }

        @Override
        public boolean remove(T one) {
            K its = owner.apply(one);
            Line<T> line = lines.get(its);
            boolean waited = line != null && line.remove(one);
            forgetEmpty();
            return waited;
        }

        private void forgetEmpty() {
            lines.values().removeIf(Line::isEmpty);
            turns.onlyWait(lines.keySet());
        }

        @Override
        public List<T> inOrder() {
            Map<K, List<T>> waiting = new HashMap<>();
            lines.forEach((owner, line) -> waiting.put(owner, line.inOrder()));
            return turns.order(waiting);
        }

        @Override
        public boolean isEmpty() {
            return lines.isEmpty();
        }
    }
}
