package dev.stratalens.server.scheduling.compute;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Whose turn it is among those who wait, by weight. This is stride scheduling: a turn takes its owner's time forward by one over the
 * weight, and the next turn is of the one with the least time. Who comes anew begins at the time of the last turn: before the second
 * turn of any other, and with no turns saved up. Not thread-safe.
 *
 * @param <K> those who have turns
 */
final class TurnOrder<K> {

    /** Time that a turn of weight 1 takes. */
    private static final long TURN = 1L << 24;

    private static final Comparator<Place<?>> FIRST =
            Comparator.<Place<?>>comparingLong(Place::time).thenComparingLong(Place::came);

    private final Map<K, Place<K>> places = new HashMap<>();
    private long now;
    private long count;

    /** Where one stands; of two with the same time, who came first is first. */
    private record Place<K>(K owner, long time, long came, long stride) {

        Place<K> afterTurn(long comes) {
            return new Place<>(owner, time + stride, comes, stride);
        }

        /** Who could not use its turns keeps one. */
        Place<K> keepingOneTurn(long now) {
            return time >= now - stride ? this : new Place<>(owner, now - stride, came, stride);
        }
    }

    /** One begins to wait, or waits by another weight from now on. */
    void waits(K owner, int weight) {
        Place<K> before = places.getOrDefault(owner, new Place<>(owner, now, ++count, 0));
        places.put(owner, new Place<>(owner, before.time, before.came, TURN / weight));
    }

    /**
     * One of those who wait has its turn. Time passes at half of the pace of all their turns at least: else it would stand still while
     * others come that never came before, and who had a turn would wait for all of them.
     */
    void takesTurn(K owner, Collection<K> waiting) {
        long weights = waiting.stream()
                .mapToLong(one -> TURN / requireNonNull(places.get(one)).stride)
                .sum();
        Place<K> place = requireNonNull(places.get(owner));
        now = Math.max(now + TURN / (2 * weights), place.time);
        places.put(owner, place.afterTurn(++count));
    }

    /** No one else waits any more. Those who had more than their share are remembered until the others have caught up. */
    void onlyWait(Collection<K> owners) {
        places.values().removeIf(place -> place.time <= now && !owners.contains(place.owner));
        places.replaceAll((owner, place) -> place.keepingOneTurn(now));
    }

    /** How many are remembered. */
    int size() {
        return places.size();
    }

    /** What they wait for, in the order of their turns. Each list is in order by itself. */
    <T> List<T> order(Map<K, List<T>> waiting) {
        if (waiting.size() == 1) {
            return waiting.values().iterator().next();
        }
        var next = new PriorityQueue<Place<K>>(FIRST);
        Map<K, Iterator<T>> left = new HashMap<>();
        waiting.forEach((owner, its) -> {
            next.add(requireNonNull(places.get(owner)));
            left.put(owner, its.iterator());
        });
        List<T> order = new ArrayList<>();
        long comes = count;
        for (Place<K> first = next.poll(); first != null; first = next.poll()) {
            Iterator<T> its = requireNonNull(left.get(first.owner));
            order.add(its.next());
            if (its.hasNext()) {
                next.add(first.afterTurn(++comes));
            }
        }
        return order;
    }
}
