package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.request.CandidateRule;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.text.TokenSet;
import dev.stratalens.engine.text.Tokenizer;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks the rule for predictions against the rest of a request: a reference that a cell would not have is refused, so that no cell falls
 * back to another rule.
 *
 * @param readPoints of the request
 * @param lenses of the request
 * @param coverage where each of them reads
 */
record CandidateChecks(List<ReadPoint> readPoints, List<RequestedLens> lenses, List<LensCoverage> coverage) {

    private static final String BLOCK = "candidates.contrast.block";
    private static final String LENS = "candidates.contrast.lens";

    /**
     * A rule that every cell can follow.
     *
     * @throws InvalidFieldException if a cell has no reference, or the vocabulary has too few words
     */
    PlannedCandidates plan(CandidateRule rule, int topK, Tokenizer tokenizer, int vocabularySize) {
        if (rule instanceof CandidateRule.Words) {
            return new PlannedCandidates(rule, words(topK, tokenizer.words(), vocabularySize));
        } else if (rule instanceof CandidateRule.LayerContrast contrast) {
            requireLayer(contrast.block());
        } else if (rule instanceof CandidateRule.LensContrast contrast) {
            requireLens(contrast.lens());
        }
        return new PlannedCandidates(rule, TokenSet.NONE);
    }

    private static TokenSet words(int topK, TokenSet words, int vocabularySize) {
        int count = words.countBelow(vocabularySize);
        if (count == 0) {
            throw InvalidFieldException.of(
                    "candidates.words",
                    Problem.NOT_AVAILABLE,
                    "candidates.words",
                    "No token of this vocabulary is known to be a word. Ask without candidates.");
        }
        if (topK > count) {
            throw InvalidFieldException.outOfRange("top_k", topK, 1, count, "The vocabulary has no more words.");
        }
        return words;
    }

    private void requireLayer(int block) {
        int place = Collections.binarySearch(readPoints, ReadPoint.layer(block));
        if (place < 0) {
            throw refusal(
                    BLOCK,
                    "layer " + block,
                    "the request does not read layer " + block,
                    "It reads %s. Add the layer, or contrast with one of these."
                            .formatted(inWords(readPoints.stream().filter(ReadPoint::isLayer))));
        }
        for (int lens = 0; lens < lenses.size(); lens++) {
            if (!coverage.get(lens).has(place)) {
                throw refusal(
                        BLOCK,
                        "layer " + block,
                        "the lens %s has no map for layer %d".formatted(lenses.get(lens), block),
                        "Contrast with another layer.");
            }
        }
    }

    private void requireLens(int reference) {
        if (reference < 0 || reference >= lenses.size()) {
            throw InvalidFieldException.outOfRange(
                    LENS, reference, 0, lenses.size() - 1, "It is an index into the lenses of the request.");
        }
        for (int lens = 0; lens < lenses.size(); lens++) {
            List<Integer> missing = coverage.get(lens).readPoints().stream()
                    .filter(point -> !coverage.get(reference).has(point))
                    .toList();
            if (!missing.isEmpty()) {
                throw refusal(
                        LENS,
                        lenses.get(reference).toString(),
                        "the lens %s has no map for %s, where the lens %s reads"
                                .formatted(
                                        lenses.get(reference),
                                        inWords(missing.stream().map(readPoints::get)),
                                        lenses.get(lens)),
                        "Leave these out, or contrast with another lens.");
            }
        }
    }

    private static InvalidFieldException refusal(String field, String given, String what, String remedy) {
        return InvalidFieldException.notThere(field, given, what, List.of(), remedy);
    }

    private static String inWords(Stream<ReadPoint> points) {
        return points.map(point -> point.isLayer()
                        ? "layer " + point.block()
                        : point.site().inWords()
                                + (point.equals(ReadPoint.EMBEDDING) ? "" : " of block " + point.block()))
                .collect(Collectors.joining(", "));
    }
}
