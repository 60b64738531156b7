package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.plan.Interventions.SourceRows;
import dev.stratalens.engine.lens.plan.RequestedIntervention.PromptRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The prompts whose rows the interventions of a request use, each once, in the order in which they are named. Made for one request. */
final class SourcePrompts {

    private final TokenReader tokens;
    private final List<int[]> prompts = new ArrayList<>();

    SourcePrompts(TokenReader tokens) {
        this.tokens = tokens;
    }

    /** Ids of each so far. */
    List<int[]> all() {
        return Collections.unmodifiableList(prompts);
    }

    /** Tokens of one. */
    int length(int source) {
        return prompts.get(source).length;
    }

    /** The index of a prompt in a field of the request. */
    int index(String field, LensPrompt prompt) {
        return index(field, tokens.prompt(field, prompt).tokens().ids());
    }

    /** The same of a prompt whose ids are known. */
    int index(String field, int[] ids) {
        for (int i = 0; i < prompts.size(); i++) {
            if (Arrays.equals(prompts.get(i), ids)) {
                return i;
            }
        }
        if (prompts.size() == LensPlanner.MAX_SOURCES) {
            throw InvalidFieldException.tooMany(
                    field,
                    prompts.size() + 1L,
                    LensPlanner.MAX_SOURCES,
                    "A request may use so many different source prompts.");
        }
        prompts.add(ids);
        return prompts.size() - 1;
    }

    /** Rows of one or more prompts. */
    List<SourceRows> rows(String field, PromptRows asked) {
        if (asked.prompts().isEmpty()) {
            throw InvalidFieldException.of(field + ".prompts", Problem.MISSING, "", "Give one prompt or more.");
        }
        var rows = new ArrayList<SourceRows>();
        for (LensPrompt each : asked.prompts()) {
            int source = index("%s.prompts[%d]".formatted(field, rows.size()), each);
            int[] positions = IndexSelection.resolve(
                    field + ".positions", asked.positions(), length(source), IndexSelection.POSITIONS_COUNTED);
            rows.add(new SourceRows(source, positions));
        }
        return rows;
    }
}
