package dev.stratalens.cli.report;

import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.result.LensResult;

/** What a result says of its model, behind the model's name. */
final class Headline {

    private Headline() {}

    static String of(LensResult result) {
        ModelInfo model = result.model();
        return model.vocabularySize().isEmpty()
                ? "read from V2 JSON, which has probabilities of five decimals and no statistics"
                : "%s, %d blocks, vocabulary of %d, %s%s"
                        .formatted(
                                model.architecture(),
                                model.layers(),
                                model.vocabularySize().getAsInt(),
                                model.computeType(),
                                result.lens().skipsFinalNorm() ? ", decoded without the final norm" : "");
    }
}
