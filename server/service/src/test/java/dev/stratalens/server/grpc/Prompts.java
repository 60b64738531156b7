package dev.stratalens.server.grpc;

import dev.stratalens.v1.Prompt;
import dev.stratalens.v1.TokenIds;
import java.util.List;

/** Prompts of requests. */
public final class Prompts {

    private Prompts() {}

    public static Prompt text(String text) {
        return Prompt.newBuilder().setText(text).build();
    }

    static Prompt ids(List<Integer> ids) {
        return Prompt.newBuilder()
                .setTokenIds(TokenIds.newBuilder().addAllIds(ids))
                .build();
    }
}
