package dev.stratalens.bench.report;

import dev.stratalens.bench.round.Rounds;
import dev.stratalens.bench.round.SampleSpread;
import java.util.Optional;

/** Takes what was measured, and hands it to the report with its target. */
public final class Figures {

    private final BenchReport report;
    private final PromisedTargets targets;

    public Figures(BenchReport report, PromisedTargets targets) {
        this.report = report;
        this.targets = targets;
    }

    /** Adds a figure, with its target if there is one for this model, machine and condition. */
    public void add(Figure figure) {
        report.add(figure.withTarget(targets.of(figure)));
    }

    /** Adds a figure with a target of its own, if any. */
    public void add(Figure figure, Optional<Target> target) {
        report.add(figure.withTarget(target));
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
        report.note(note);
    }

    /** Says that what comes next belongs to something else. */
    public void endPart() {
        report.endPart();
    }
}
