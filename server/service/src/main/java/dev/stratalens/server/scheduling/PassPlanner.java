package dev.stratalens.server.scheduling;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Chooses the requests of a pass. */
final class PassPlanner {

    private PassPlanner() {}

    /**
     * The first request, whatever it takes, and those after it that fit beside it, in order.
     *
     * @param load what a request takes of a pass
     */
    static <J> List<J> next(List<J> waiting, Function<J, Load> load, Load limit) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        J first = waiting.get(0);
        List<J> pass = new ArrayList<>(List.of(first));
        pass.addAll(fitting(waiting.subList(1, waiting.size()), load, limit.minus(load.apply(first))));
        return pass;
    }

    /** The requests that fit, in order: one that is too big is passed over. */
    static <J> List<J> fitting(List<J> waiting, Function<J, Load> load, Load room) {
        List<J> pass = new ArrayList<>();
        Load left = room;
        for (J request : waiting) {
            Load its = load.apply(request);
            if (its.fits(left)) {
                pass.add(request);
                left = left.minus(its);
            }
        }
        return pass;
    }
}
