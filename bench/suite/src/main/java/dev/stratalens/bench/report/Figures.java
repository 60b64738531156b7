package dev.stratalens.bench.report;

import dev.stratalens.bench.round.Rounds;
import dev.stratalens.bench.round.SampleSpread;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what was measured. */
public final class Figures {

    private final List<Figure> figures = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final PromisedTargets targets;

    public Figures(PromisedTargets targets) {
        this.targets = targets;
    }

    /** Adds a figure, with its target if there is one for this model, machine and condition. */
    public void add(Figure figure) {
        figures.add(figure.withTarget(targets.of(figure)));
    }

    /** Adds a figure with a target of its own, if any. */
    public void add(Figure figure, Optional<Target> target) {
        figures.add(figure.withTarget(target));
    }

    /** Adds figures of one part under one condition. */
    public Under under(BenchPart part, String condition) {
        return new Under(part, condition);
    }

    /** Adds figures of one part under one condition. */
    public final class Under {
        private final BenchPart part;
        private final String condition;

        private Under(BenchPart part, String condition) {
            this.part = part;
            this.condition = condition;
        }

        public void add(String name, Unit unit, SampleSpread spread) {
            Figures.this.add(Figure.of(part, name, condition, unit, spread));
        }

        /** A quantity that was measured under its own name. */
        public void add(String name, Unit unit, Rounds rounds) {
            add(name, unit, rounds.of(name));
        }
    }

    public PromisedTargets targets() {
        return targets;
    }

    /** Adds a remark for the reader of the report. */
    public void note(String note) {
        notes.add(note);
    }

    public List<Figure> all() {
        return List.copyOf(figures);
    }

    public List<String> notes() {
        return List.copyOf(notes);
    }
}
