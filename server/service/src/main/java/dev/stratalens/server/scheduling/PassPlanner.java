package dev.stratalens.server.scheduling;

import dev.stratalens.server.scheduling.compute.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Chooses the requests of a pass.
 *
 * @param load what a request takes of a pass
 * @param mostWork of a pass that a request is in, so that its answer is in time
 */
record PassPlanner<J>(Function<J, Load> load, ToLongFunction<J> mostWork) {

    /** The first request, whatever it takes, and those after it that fit beside it, in order. */
    List<J> next(List<J> waiting, Load limit) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        J first = waiting.get(0);
        List<J> pass = new ArrayList<>(List.of(first));
        fill(pass, load.apply(first), waiting.subList(1, waiting.size()), within(limit, first));
        return pass;
    }

    /** The requests that fit, in order: one that is too big, or that would make another one late, is passed over. */
    List<J> fitting(List<J> waiting, Load room) {
        List<J> pass = new ArrayList<>();
        fill(pass, Load.NOTHING, waiting, room);
        return pass;
    }

    private void fill(List<J> pass, Load taken, List<J> waiting, Load room) {
        for (J request : waiting) {
            Load together = taken.plus(load.apply(request));
            Load bound = within(room, request);
            if (together.fits(bound)) {
                pass.add(request);
                taken = together;
                room = bound;
            }
        }
    }

    private Load within(Load room, J request) {
        return room.withMostWork(mostWork.applyAsLong(request));
    }
}
