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
