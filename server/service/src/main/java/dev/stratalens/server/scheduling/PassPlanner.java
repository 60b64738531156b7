package dev.stratalens.server.scheduling;

import java.util.ArrayList;
import java.util.List;

/** Chooses the jobs of a pass. */
final class PassPlanner {

    private PassPlanner() {}

    /** What may come into a pass. */
    interface Candidate {

        /** What it takes of a pass. */
        Load load();

        /** Whether others may be in its pass. */
        boolean shares();
    }

    /** The first job, whatever it takes, and those after it that fit beside it, in order. */
    static <J extends Candidate> List<J> next(List<J> waiting, Load limit) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        J first = waiting.get(0);
        List<J> pass = new ArrayList<>(List.of(first));
        if (first.shares()) {
            pass.addAll(fitting(waiting.subList(1, waiting.size()), limit.minus(first.load())));
        }
        return pass;
    }

    /** The jobs that share and fit, in order: one that is too big is passed over. */
    static <J extends Candidate> List<J> fitting(List<J> waiting, Load room) {
        List<J> pass = new ArrayList<>();
        Load left = room;
        for (J job : waiting) {
            if (job.shares() && job.load().fits(left)) {
                pass.add(job);
                left = left.minus(job.load());
            }
        }
        return pass;
    }
}
