package dev.stratalens.cli.evaluation;

import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.cli.selection.EvaluationOptions;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.SpecialTokens;
import dev.stratalens.client.request.TokenizeRequest;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.report.evaluation.CorpusReadings;
import java.util.ArrayList;
import java.util.List;

/**
 * Documents, cut into pieces that the model can read. Each piece begins with the special tokens that the tokenizer puts before a text.
 *
 * @param length most tokens of a piece
 * @param skip positions at the beginning of each piece that are not counted
 */
record CorpusTask(EvaluationOptions options, List<Lens> lenses, int length, int skip) implements EvaluationTask {

    @Override
    public String settings() {
        return "corpus %s %s length %d skip %d".formatted(options.settings(), lenses, length, skip);
    }

    @Override
    public List<Part> parts(LensClient client, ModelFacts model, BatchPrompt prompt) {
        TokenizeRequest.Builder asked =
                TokenizeRequest.of(prompt.prompt()).model(model.info().name());
        if (options.noSpecialTokens) {
            asked.specialTokens(SpecialTokens.NONE);
        }
        List<PromptToken> tokens = client.tokenize(asked.build()).tokens();
        int body = (int) tokens.stream().takeWhile(CorpusTask::isAdded).count();
        List<PromptToken> before = tokens.subList(0, body);
        List<Part> parts = new ArrayList<>();
        int step = length - before.size();
        for (int first = body; first < tokens.size(); first += step) {
            List<PromptToken> piece = new ArrayList<>(before);
            piece.addAll(tokens.subList(first, Math.min(first + step, tokens.size())));
            if (piece.size() > skip) {
                parts.add(part(model, piece, first == 0 ? 0 : end(tokens.get(first - 1))));
            }
        }
        return parts;
    }

    private static boolean isAdded(PromptToken token) {
        return end(token) == 0;
    }

    private Part part(ModelFacts model, List<PromptToken> piece, int bytesBefore) {
        int[] ids = piece.stream().mapToInt(token -> token.token().id()).toArray();
        int[] byteEnds = piece.stream()
                .mapToInt(token -> Math.max(bytesBefore, end(token)))
                .toArray();
        LensRequest.Builder request =
                LensRequest.ofTokenIds(ids).model(model.info().name());
        options.addTo(request, lenses);
        CorpusReadings.asked(request).positions(IndexRange.from(skip));
        return new Part(request.build(), (unit, result) -> CorpusReadings.add(unit, result, byteEnds, bytesBefore));
    }

    private static int end(PromptToken token) {
        return token.end().orElseThrow();
    }
}
