package dev.stratalens.cli.analysis;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.form.AnalysisPage;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import dev.stratalens.report.analysis.AnalysisMaps;
import dev.stratalens.report.analysis.FollowedTokens;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** What is followed, in words and as JSON. */
final class FollowedText {

    private FollowedText() {}

    /** Says what was left out, and what only begins what was asked for. */
    static void notes(List<FollowedTokens> followed, AnalysisPage page) {
        for (FollowedTokens tokens : followed) {
            if (!tokens.leftOut().isEmpty()) {
                page.remark("Followed: %s. Left out, because the vocabulary has no such token: %s."
                        .formatted(
                                AnalysisMaps.shortName(tokens),
                                tokens.leftOut().stream()
                                        .map(FollowedText::parts)
                                        .collect(Collectors.joining(", "))));
            }
            for (TargetInfo target : tokens.targets()) {
                if (target.tokens().size() > 1) {
                    page.remark(
                            "%s is several tokens: the first, %s, stands for it. --variants looks for a spelling that is one."
                                    .formatted(
                                            parts(target),
                                            target.tokens().get(0).display()));
                }
            }
        }
    }

    private static String parts(TargetInfo target) {
        String asked =
                target.target() instanceof LensTarget.Text text ? text.text().replace(' ', '·') : "";
        String tokens = target.tokens().stream().map(Token::display).collect(Collectors.joining(" "));
        return "%s (%s)".formatted(asked, tokens);
    }

    /** Name, tokens at each position, and what was left out. */
    static void json(FollowedTokens tokens, List<Integer> positions, JsonWriter json) throws IOException {
        json.name("name").value(tokens.name());
        json.name("tokens").beginArray();
        for (int position : positions) {
            AnalysisJson.tokens(tokens.tokens(position), json);
        }
        json.endArray();
        json.name("left_out").beginArray();
        for (TargetInfo target : tokens.leftOut()) {
            json.beginObject();
            json.name("text").value(((LensTarget.Text) target.target()).text());
            AnalysisJson.tokens(target.tokens(), json.name("tokens"));
            json.endObject();
        }
        json.endArray();
    }
}
