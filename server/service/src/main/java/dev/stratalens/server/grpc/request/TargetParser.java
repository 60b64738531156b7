package dev.stratalens.server.grpc.request;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.v1.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the tokens to follow. */
public final class TargetParser {

    /** Bytes of a target's text: the header repeats it. */
    public static final int MAX_TEXT_BYTES = 4096;

    private TargetParser() {}

    static List<RequestedTarget> parse(List<Target> targets) {
        List<RequestedTarget> parsed = new ArrayList<>();
        for (Target target : targets) {
            parsed.add(target("targets[%d]".formatted(parsed.size()), target));
        }
        return parsed;
    }

    static RequestedTarget target(String field, Target target) {
        return switch (target.getTokenCase()) {
            case TEXT -> text(field, target.getText());
            case ID -> new RequestedTarget.TokenId(target.getId());
            case POSITION_TARGET ->
                switch (target.getPositionTarget()) {
                    case POSITION_TARGET_NEXT_TOKEN -> new RequestedTarget.NextToken();
                    case POSITION_TARGET_FINAL_TOP -> new RequestedTarget.FinalTop();
                    case POSITION_TARGET_UNSPECIFIED, UNRECOGNIZED ->
                        throw InvalidFieldException.of(
                                field + ".position_target",
                                Problem.NOT_UNDERSTOOD,
                                Integer.toString(target.getPositionTargetValue()),
                                "Ask for NEXT_TOKEN or FINAL_TOP.");
                };
            case TOKEN_NOT_SET ->
                throw InvalidFieldException.of(field, Problem.MISSING, "", "Give a text, an id or a position_target.");
        };
    }

    private static RequestedTarget text(String field, String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_TEXT_BYTES) {
            throw InvalidFieldException.tooMany(
                    field + ".text", bytes, MAX_TEXT_BYTES, "A target is a word; bytes count.");
        }
        return new RequestedTarget.Text(text);
    }
}
