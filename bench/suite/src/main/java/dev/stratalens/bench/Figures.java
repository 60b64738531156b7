package dev.stratalens.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what was measured. */
final class Figures {

    private final List<Figure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final PromisedTargets targets;

    Figures(PromisedTargets targets) {
        this.targets = targets;
    }

    /** Adds a figure, with its target if there is one for this model, machine and condition. */
    void add(Figure figure) {
        figures.add(figure.withTarget(targets.of(figure)));
    }

    /** Adds a figure with a target of its own, if any. */
    void add(Figure figure, Optional<Target> target) {
        figures.add(figure.withTarget(target));
    }

    /** Adds figures of one part under one condition. */
    Under under(BenchPart part, String condition) {
        return new Under(part, condition);
    }

    /** Adds figures of one part under one condition. */
    final class Under {
        private final BenchPart part;
        private final String condition;

        private Under(BenchPart part, String condition) {
            this.part = part;
            this.condition = condition;
        }

        void add(String name, Unit unit, SampleSpread spread) {
            Figures.this.add(Figure.of(part, name, condition, unit, spread));
        }

        /** A quantity that was measured under its own name. */
        void add(String name, Unit unit, Rounds rounds) {
            add(name, unit, rounds.of(name));
        }
    }

    PromisedTargets targets() {
        return targets;
    }

    /** Adds a remark for the reader of the report. */
    void note(String note) {
        notes.add(note);
    }

    List<Figure> all() {
        return List.copyOf(figures);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }
}
