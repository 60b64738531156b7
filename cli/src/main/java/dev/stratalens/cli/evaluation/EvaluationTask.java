package dev.stratalens.cli.evaluation;

import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.evaluation.EvaluationUnit;
import java.util.List;

/** What an evaluation asks of each prompt of a file, and what it reads of the answers. */
interface EvaluationTask {

    /**
     * A request, and what is read of its answer.
     *
     * @param request asks for a part of a prompt
     * @param reading adds the answer to the totals of the prompt
     */
    record Part(LensRequest request, Reading reading) {}

    /** Reads an answer. */
    @FunctionalInterface
    interface Reading {

        /** Adds an answer to the totals of its prompt. */
        void add(EvaluationUnit unit, LensResult result);
    }

    /** Everything that the numbers depend on, except for the file and the model, as text. */
    String settings();

    /** The requests of a prompt in order; none if it is too short. */
    List<Part> parts(LensClient client, ModelFacts model, BatchPrompt prompt);
}
