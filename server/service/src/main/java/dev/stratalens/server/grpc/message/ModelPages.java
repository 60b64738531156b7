package dev.stratalens.server.grpc.message;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.v1.ListModelsRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One page of the served models. Its token names the last model of the page before, so it stays valid while
 * models change their state.
 *
 * @param nextToken asks for the next page; empty on the last one
 */
public record ModelPages(List<NamedModel> models, Optional<String> nextToken) {

    /** Models of a page, so that it stays far below what clients accept. */
    public static final int MAX_SIZE = 100;

    private static final String TOKEN = "page_token";

    /** The page that a request asks for. */
    public static ModelPages of(List<NamedModel> served, ListModelsRequest request) {
        if (request.getPageSize() < 0) {
            throw InvalidFieldException.outOfRange(
                    "page_size", request.getPageSize(), 0, MAX_SIZE, "0 is for as many as there may be.");
        }
        int size = request.getPageSize() == 0 ? MAX_SIZE : Math.min(request.getPageSize(), MAX_SIZE);
        List<NamedModel> ordered =
                served.stream().sorted(Comparator.comparing(NamedModel::name)).toList();
        int first = request.getPageToken().isEmpty() ? 0 : after(request.getPageToken(), ordered);
        int end = Math.min(first + size, ordered.size());
        return new ModelPages(
                ordered.subList(first, end),
                end < ordered.size() ? Optional.of(token(ordered.get(end - 1))) : Optional.empty());
    }

    private static int after(String token, List<NamedModel> ordered) {
        for (int i = 0; i < ordered.size(); i++) {
            if (token(ordered.get(i)).equals(token)) {
                return i + 1;
            }
        }
        throw InvalidFieldException.of(
                TOKEN, Problem.NOT_UNDERSTOOD, token, "Send the token of the page before, as it came.");
    }

    private static String token(NamedModel model) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(model.name().getBytes(StandardCharsets.UTF_8));
    }
}
