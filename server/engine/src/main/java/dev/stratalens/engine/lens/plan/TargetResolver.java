package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Finds the vocabulary ids of targets that are named by id or text. */
final class TargetResolver {

    private final ModelDescription model;
    private final Tokenizer tokenizer;

    TargetResolver(ModelDescription model, Tokenizer tokenizer) {
        this.model = model;
        this.tokenizer = tokenizer;
    }

    List<PlannedTarget> resolve(List<LensTarget> targets) {
        if (targets.size() > LensPlanner.MAX_TARGETS) {
            throw InvalidFieldException.tooMany(
                    "targets", targets.size(), LensPlanner.MAX_TARGETS, "Ask for the others in another request.");
        }
        List<PlannedTarget> planned = new ArrayList<>();
        for (LensTarget target : targets) {
            planned.add(new PlannedTarget(target, tokenIds("targets[%d]".formatted(planned.size()), target)));
        }
        return planned;
    }

    private List<Integer> tokenIds(String field, LensTarget target) {
        if (target instanceof LensTarget.TokenId byId) {
            VocabularyIds.require(field + ".id", byId.id(), model, VocabularyIds.REMEDY);
            return List.of(byId.id());
        }
        if (target instanceof LensTarget.Text byText) {
            return encodingOf(field + ".text", byText.text());
        }
        return List.of();
    }

    private List<Integer> encodingOf(String field, String text) {
        if (text.isEmpty()) {
            throw InvalidFieldException.of(field, Problem.MISSING, "", "Give a word; a leading space counts.");
        }
        OptionalInt whole = tokenizer.lookup(text);
        List<Integer> ids = whole.isPresent()
                ? List.of(whole.getAsInt())
                : IntStream.of(tokenizer.encode(text, false).ids()).boxed().toList();
        if (ids.isEmpty()) {
            throw InvalidFieldException.of(
                    field, Problem.NOT_UNDERSTOOD, text, "The tokenizer reads no token in it; give another word.");
        }
        ids.forEach(id -> VocabularyIds.require(
                field, id, model, "The tokenizer reads a token here that the model does not have."));
        return ids;
    }
}
