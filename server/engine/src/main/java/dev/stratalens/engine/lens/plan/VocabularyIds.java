package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.model.ModelDescription;

/** Checks that ids are rows of the model's unembedding. */
final class VocabularyIds {

    static final String REMEDY = "Use ids of this model's own vocabulary.";

    private VocabularyIds() {}

    static void require(String field, int id, ModelDescription model, String remedy) {
        if (id < 0 || id >= model.vocabularySize()) {
            throw InvalidFieldException.outOfRange(field, id, 0, model.vocabularySize() - 1, remedy);
        }
    }
}
