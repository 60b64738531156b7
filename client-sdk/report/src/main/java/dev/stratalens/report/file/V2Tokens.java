package dev.stratalens.report.file;

import dev.stratalens.client.result.Token;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The strings of a file of the widget as tokens. A string without an id gets one below 0. These ascend as the strings are asked for:
 * trajectories are kept by id, and so are read from what is written in the same order again.
 */
final class V2Tokens {

    private final Map<String, Token> byName = new HashMap<>();
    private final Map<Integer, Token> byId = new HashMap<>();
    private int unknown;

    /** Reads the ids of the file. */
    V2Tokens(Section file) throws LensFileException {
        if (file.has("ids")) {
            Section ids = file.object("ids");
            for (String name : ids.values().keySet()) {
                int id = ids.integer(name);
                NativeJsonContents.require(id >= 0, "$.ids: " + id + " is below 0");
                NativeJsonContents.require(!byId.containsKey(id), "$.ids: " + id + " is the id of two strings");
                add(name, id);
            }
        }
    }

    Token of(String name) {
        Token token = byName.get(name);
        return token == null ? add(name, Integer.MIN_VALUE + unknown++) : token;
    }

    Token known(int id) {
        return Objects.requireNonNull(byId.get(id));
    }

    Map<Integer, Token> byId() {
        return Collections.unmodifiableMap(byId);
    }

    private Token add(String name, int id) {
        Token token = Token.of(id, "", name);
        byName.put(name, token);
        byId.put(id, token);
        return token;
    }
}
