package dev.stratalens.server.hub;

import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.ModelSourceException.Problem;
import java.net.http.HttpResponse;

/** What a refusing answer of the hub means, in words. */
final class HubRefusal {

    private static final int QUOTED = 200;

    private HubRefusal() {}

    /** @param file what was asked for; empty for the repository as a whole */
    static ModelSourceException of(HubSettings settings, HubModel model, String file, HttpResponse<?> response) {
        int status = response.statusCode();
        String code = response.headers().firstValue("X-Error-Code").orElse("");
        String words = response.headers().firstValue("X-Error-Message").orElse("");
        if (code.equals("GatedRepo")) {
            return gated(settings, model);
        }
        if (code.equals("RevisionNotFound")) {
            return notFound("%s: the repository has no revision \"%s\". Name a branch, a tag or a full commit."
                    .formatted(model, model.revision()));
        }
        if (words.startsWith("Invalid credentials")
                || (status == 401 && settings.token().isPresent())) {
            return denied("%s: the hub refuses the token. Make a new one at %s/settings/tokens and set HF_TOKEN."
                    .formatted(model, settings.endpoint()));
        }
        if (code.equals("RepoNotFound") || status == 401) {
            return notFound(
                    "%s: there is no such repository, or it is private. Check the spelling; for a private one set HF_TOKEN."
                            .formatted(model));
        }
        if (status == 404) {
            return notFound(
                    file.isEmpty()
                            ? "%s: there is no such repository. Check the spelling.".formatted(model)
                            : "%s: the repository has no file %s.".formatted(model, file));
        }
        if (status == 403) {
            return denied("%s: the hub refuses access%s.".formatted(model, quoted(words)));
        }
        if (status == 407) {
            return new ModelSourceException(
                    Problem.UNREACHABLE,
                    "The proxy wants a name and a password, which is not supported. Use one that does not, or NO_PROXY.");
        }
        return new ModelSourceException(
                Problem.UNREACHABLE,
                "%s: the hub answers with HTTP %d%s. Check HF_ENDPOINT, or try again later."
                        .formatted(model, status, quoted(words)));
    }

    private static ModelSourceException gated(HubSettings settings, HubModel model) {
        return denied("%s is gated: accept its conditions at %s/%s, then %s."
                .formatted(
                        model,
                        settings.endpoint(),
                        model.repository(),
                        settings.token().isPresent()
                                ? "try again; the token must be of the same account"
                                : "set HF_TOKEN to a token of that account (%s/settings/tokens)"
                                        .formatted(settings.endpoint())));
    }

    private static String quoted(String words) {
        String printable = words.replaceAll("\\p{Cntrl}", " ").strip();
        return printable.isEmpty()
                ? ""
                : " (\"%s\")".formatted(printable.substring(0, Math.min(QUOTED, printable.length())));
    }

    private static ModelSourceException notFound(String message) {
        return new ModelSourceException(Problem.NOT_FOUND, message);
    }

    private static ModelSourceException denied(String message) {
        return new ModelSourceException(Problem.ACCESS_DENIED, message);
    }
}
