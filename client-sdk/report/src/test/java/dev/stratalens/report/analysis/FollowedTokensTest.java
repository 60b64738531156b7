package dev.stratalens.report.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.fake.HandMadeResult;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Token;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class FollowedTokensTest {

    private static final double EXACT = 1e-6;

    /** Two positions; ids 1 and 2 tie in block 0 at position 0. */
    private static final HandMadeResult RUN =
            new HandMadeResult(List.of(" the", " Paris", "Paris", " Rome"), List.of(-1, 0, 1), new double[][][] {
                {{.7, .1, .1, .1}, {.4, .3, .2, .1}},
                {{.5, .2, .2, .1}, {.25, .25, .25, .25}},
                {{.1, .6, .2, .1}, {.1, .2, .6, .1}}
            });

    @Test
    void aGroupSumsProbabilitiesAndTakesTheBestRank() {
        LensResult result = RUN.with(2, LensTarget.text(" Paris"), LensTarget.text("Paris"));
        FollowedTokens group = group(result, " Paris", "Paris");
        assertEquals(.4, group.probability(0, 0).orElseThrow(), EXACT);
        assertEquals(.8, group.probability(1, 0).orElseThrow(), EXACT);
        assertEquals(OptionalInt.of(2), group.rank(0, 0));
        assertEquals(OptionalInt.of(1), group.rank(1, 1));
        assertEquals(
                List.of(" Paris", "Paris"),
                group.tokens(0).stream().map(Token::text).toList());
    }

    @Test
    void tiesShareTheBetterRank() {
        LensResult result = RUN.with(2, LensTarget.text("Paris"));
        assertEquals(OptionalInt.of(2), FollowedTokens.target(result, 0).rank(0, 0));
        assertEquals(OptionalInt.of(1), FollowedTokens.target(result, 0).rank(0, 1));
    }

    @Test
    void aSpellingThatTheVocabularyLacksIsLeftOutAndNamed() {
        LensResult result = RUN.with(2, LensTarget.text(" Paris"), LensTarget.text("paris"));
        FollowedTokens group = group(result, " Paris", "paris");
        assertEquals(.6, group.probability(1, 0).orElseThrow(), EXACT);
        assertEquals(1, group.leftOut().size());
        assertEquals(LensTarget.text("paris"), group.leftOut().get(0).target());
        assertEquals(2, group.leftOut().get(0).tokens().size());
    }

    @Test
    void whereNoSpellingIsATokenTheFirstTokenOfTheFirstIsFollowed() {
        LensResult result = RUN.with(2, LensTarget.text("paris"), LensTarget.text("PARIS"));
        FollowedTokens group = group(result, "paris", "PARIS");
        assertEquals(List.of(0), group.tokens(0).stream().map(Token::id).toList());
        assertEquals(
                List.of(LensTarget.text("PARIS")),
                group.leftOut().stream().map(info -> info.target()).toList());
    }

    @Test
    void aTokenThatTwoTargetsNameCountsOnce() {
        LensResult result = RUN.with(2, LensTarget.text(" Paris"), LensTarget.id(1), LensTarget.finalTop());
        FollowedTokens group = FollowedTokens.of(
                        result,
                        new TargetGroup(
                                "both", List.of(LensTarget.text(" Paris"), LensTarget.id(1), LensTarget.finalTop())))
                .orElseThrow();
        assertEquals(.6, group.probability(1, 0).orElseThrow(), EXACT);
        assertEquals(.8, group.probability(1, 1).orElseThrow(), EXACT); // there the final token is another
    }

    @Test
    void theLastPositionHasNoNextToken() {
        LensResult result = RUN.with(2, LensTarget.nextToken());
        FollowedTokens next = FollowedTokens.target(result, 0);
        assertEquals(OptionalInt.of(1), next.rank(1, 0));
        assertEquals(OptionalInt.empty(), next.rank(1, 1));
        assertEquals(OptionalDouble.empty(), next.probability(1, 1));
        assertEquals(List.of(), next.tokens(1));
    }

    @Test
    void whatWasNoTargetIsNotFound() {
        LensResult result = RUN.with(2, LensTarget.text(" Paris"));
        assertEquals(Optional.empty(), FollowedTokens.of(result, TargetGroup.of(LensTarget.text(" Rome"))));
        assertTrue(FollowedTokens.of(result, TargetGroup.of(LensTarget.id(1))).isPresent());
    }

    @Test
    void trackedTokensHaveProbabilitiesEverywhereAndRanksInTheTopK() {
        LensResult result = RUN.with(2);
        FollowedTokens rome = FollowedTokens.tracked(result, "Rome", List.of(Token.of(3, " Rome", " Rome")));
        assertEquals(.1, rome.probability(-1, 0).orElseThrow(), EXACT);
        assertEquals(OptionalInt.empty(), rome.rank(-1, 0));
        FollowedTokens tied = FollowedTokens.tracked(result, "Paris", List.of(Token.of(1, " Paris", " Paris")));
        assertEquals(OptionalInt.of(1), tied.rank(0, 1)); // all four tie
    }

    @Test
    void withoutTrajectoriesATokenBelowTheTopKIsUnknown() {
        LensResult result = RUN.bare(2);
        FollowedTokens rome = FollowedTokens.tracked(result, "Rome", List.of(Token.of(3, " Rome", " Rome")));
        assertEquals(OptionalDouble.empty(), rome.logProb(1, 0));
        FollowedTokens both = FollowedTokens.tracked(
                result, "both", List.of(Token.of(1, " Paris", " Paris"), Token.of(3, " Rome", " Rome")));
        assertEquals(OptionalDouble.empty(), both.logProb(1, 0)); // a part of a sum is no sum
        assertEquals(OptionalInt.of(1), both.rank(1, 0));
    }

    @Test
    void theFinalTokenIsReadWithoutATargetToo() {
        FollowedTokens asTarget = FollowedTokens.finalTop(RUN.with(4, LensTarget.finalTop()));
        FollowedTokens asTracked = FollowedTokens.finalTop(RUN.with(4));
        for (int layer : List.of(-1, 0, 1)) {
            for (int position : List.of(0, 1)) {
                assertEquals(asTarget.rank(layer, position), asTracked.rank(layer, position));
                assertEquals(asTarget.logProb(layer, position), asTracked.logProb(layer, position));
            }
        }
    }

    @Test
    void variantsAreTheSpellingsOfAWordTheGivenOneFirst() {
        assertEquals(List.of(" Paris", "Paris", " paris", "paris"), texts(TargetGroup.variantsOf(" Paris")));
        assertEquals(List.of("paris", " paris", " Paris", "Paris"), texts(TargetGroup.variantsOf("paris")));
        assertEquals(List.of("42", " 42"), texts(TargetGroup.variantsOf("42")));
        assertEquals(List.of("élan", " élan", " Élan", "Élan"), texts(TargetGroup.variantsOf("élan")));
        assertEquals("Paris", TargetGroup.variantsOf(" Paris").name());
        assertThrows(IllegalArgumentException.class, () -> TargetGroup.variantsOf(" "));
    }

    private static List<String> texts(TargetGroup group) {
        return group.members().stream().map(TargetGroup::name).toList();
    }

    private static FollowedTokens group(LensResult result, String... texts) {
        List<LensTarget> members = List.of(texts).stream().map(LensTarget::text).toList();
        return FollowedTokens.of(result, new TargetGroup(texts[0], members)).orElseThrow();
    }
}
