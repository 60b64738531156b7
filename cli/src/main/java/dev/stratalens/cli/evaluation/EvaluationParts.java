package dev.stratalens.cli.evaluation;

import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.cli.batch.PromptLines;
import dev.stratalens.cli.evaluation.EvaluationTask.Part;
import dev.stratalens.client.request.LensRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The requests of an evaluation, made as they are wanted, and those in flight, in order. Not thread-safe. */
final class EvaluationParts implements Iterator<LensRequest> {

    /**
     * A request in flight.
     *
     * @param isLast whether it is the last of its prompt
     */
    record Asked(BatchPrompt prompt, Part part, boolean isLast) {}

    private final PromptLines reader;
    private final int linesDone;
    private final Function<BatchPrompt, List<Part>> partsOf;
    private final Deque<Asked> waiting = new ArrayDeque<>();
    private final Deque<Asked> inFlight = new ArrayDeque<>();

    /** @param linesDone lines of the file that are passed over */
    EvaluationParts(PromptLines reader, int linesDone, Function<BatchPrompt, List<Part>> partsOf) {
        this.reader = reader;
        this.linesDone = linesDone;
        this.partsOf = partsOf;
    }

    /** The request that has been answered: the oldest in flight. */
    Asked answered() {
        return inFlight.remove();
    }

    @Override
    public boolean hasNext() {
        try {
            while (waiting.isEmpty()) {
                BatchPrompt prompt = reader.next();
                if (prompt == null) {
                    return false;
                }
                if (prompt.line() > linesDone) {
                    List<Part> parts = partsOf.apply(prompt);
                    for (int i = 0; i < parts.size(); i++) {
                        waiting.add(new Asked(prompt, parts.get(i), i == parts.size() - 1));
                    }
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public LensRequest next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no further prompt");
        }
        Asked next = waiting.remove();
        inFlight.add(next);
        // Another time it would share passes with other prompts, which changes roundings; a run that is continued gives
        // the same bits.
        return next.part().request().toBuilder().alone().build();
    }
}
