package dev.stratalens.server.watch;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.stratalens.engine.lens.request.LensPrompt;
import java.util.Arrays;

/** A request as a JSON object on a line. */
final class AuditLine {

    private AuditLine() {}

    static JsonObject of(RequestFacts facts) {
        JsonObject line = new JsonObject();
        line.addProperty("time", facts.origin().received().toString());
        line.addProperty("id", facts.origin().id());
        line.addProperty("client_id", facts.subject().clientId());
        line.addProperty("principal", facts.principal());
        line.addProperty("peer", facts.origin().peer());
        line.addProperty("rpc", facts.origin().rpc());
        line.addProperty("model", facts.subject().model());
        facts.work().ifPresent(work -> {
            line.addProperty("tokens", work.tokens());
            if (work.generated() > 0) {
                line.addProperty("generated", work.generated());
            }
        });
        line.addProperty("outcome", facts.outcome().code());
        line.addProperty("reason", facts.outcome().reason());
        line.addProperty("duration_ms", RequestLog.millis(facts.duration()));
        return line;
    }

    static JsonElement of(LensPrompt prompt) {
        if (prompt instanceof LensPrompt.Text text) {
            return new JsonPrimitive(text.text());
        }
        JsonArray parts = new JsonArray();
        if (prompt instanceof LensPrompt.TokenIds tokens) {
            Arrays.stream(tokens.ids()).forEach(parts::add);
        } else if (prompt instanceof LensPrompt.Chat chat) {
            chat.messages().forEach(message -> {
                JsonObject part = new JsonObject();
                part.addProperty("role", message.role());
                part.addProperty("content", message.content());
                parts.add(part);
            });
        }
        return parts;
    }
}
