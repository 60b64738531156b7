package dev.stratalens.engine.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.stratalens.engine.text.safety.UnsafeParts;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the vocabulary of a {@code tokenizer.json}, in one pass that keeps nothing else. */
final class VocabularyReader {

    /** Largest number of entries, far above every vocabulary in use. */
    private static final int MAXIMUM_SIZE = 1 << 22;

    /** Longest entry in characters, far above all in use; the library's search nests as deep as an entry is long. */
    private static final int LONGEST_ENTRY = 4096;

    private record AddedToken(int id, String content, boolean special) {}

    private final String file;
    private final NormalizedTokens normalized;
    private final List<AddedToken> addedTokens = new ArrayList<>();
    private String[] spellings = new String[0];
    private int entryCount;
    private boolean byteLevel;
    private boolean metaspace;

    private VocabularyReader(String file, NormalizedTokens normalized) {
        this.file = file;
        this.normalized = normalized;
    }

    /**
     * Reads a vocabulary.
     *
     * @param file for messages
     * @param normalized receives the normalized added tokens
     * @throws IOException if this is not the JSON of a tokenizer
     */
    static Vocabulary read(String file, Reader source, NormalizedTokens normalized) throws IOException {
        JsonReader json = new JsonReader(source);
        json.setStrictness(Strictness.STRICT);
        try {
            return new VocabularyReader(file, normalized).read(json);
        } catch (IllegalStateException | NumberFormatException | JsonParseException e) {
            // Gson's exceptions for a value of another kind, and for a part that is not JSON.
            throw new MalformedJsonException(e.getMessage(), e);
        }
    }

    private Vocabulary read(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "added_tokens" -> readAddedTokens(json);
                case "normalizer" -> {
                    JsonElement part = readPart(json);
                    findSpelling(part);
                    normalized.normalizer(part);
                }
                case "pre_tokenizer", "decoder" -> findSpelling(readPart(json));
                case "post_processor" -> readPart(json);
                case "model" -> readModel(json);
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (spellings.length == 0) {
            throw new MalformedJsonException("there is no model with a vocabulary");
        }
        BitSet literals = addTokens();
        return new Vocabulary(
                byteLevel ? TokenSpelling.BYTE_LEVEL : metaspace ? TokenSpelling.METASPACE : TokenSpelling.PLAIN,
                spellings,
                literals);
    }

    private void readAddedTokens(JsonReader json) throws IOException {
        json.beginArray();
        while (json.hasNext()) {
            int id = -1;
            String content = "";
            boolean special = false;
            boolean isNormalized = true;
            json.beginObject();
            while (json.hasNext()) {
                switch (json.nextName()) {
                    case "id" -> id = json.nextInt();
                    case "content" -> content = json.nextString();
                    case "special" -> special = json.nextBoolean();
                    case "normalized" -> isNormalized = json.nextBoolean();
                    default -> json.skipValue();
                }
            }
            json.endObject();
            refuseIfLong(content);
            addedTokens.add(new AddedToken(id, content, special));
            if (isNormalized && !content.isEmpty()) {
                normalized.add(content);
            }
        }
        json.endArray();
    }

    private JsonElement readPart(JsonReader json) {
        JsonElement part = JsonParser.parseReader(json);
        UnsafeParts.fault(part).ifPresent(fault -> {
            throw TokenizerDefinition.fault(file, "cannot be used: " + fault);
        });
        return part;
    }

    /** Finds the parts, at any depth, that determine the spelling of entries. */
    private void findSpelling(JsonElement part) {
        if (part instanceof JsonArray parts) {
            parts.forEach(this::findSpelling);
        } else if (part instanceof JsonObject object) {
            String type = object.get("type") instanceof JsonPrimitive name ? name.getAsString() : "";
            byteLevel |= type.equals("ByteLevel");
            boolean replacesMark = type.equals("Replace") && object.toString().contains("\u2581");
            metaspace |= replacesMark || type.equals("Metaspace");
            object.asMap().values().forEach(this::findSpelling);
        }
    }

    /**
     * Gives added tokens the same ids as the tokenizers library, which may differ from the file's: an entry of the
     * model keeps its id, another token follows the last id.
     *
     * @return ids of the tokens whose spelling is the text itself
     */
    private BitSet addTokens() throws IOException {
        BitSet literals = new BitSet();
        int modelSize = entryCount;
        int lastAdded = -1;
        Map<String, Integer> ids = addedTokens.stream().allMatch(token -> isEntry(token.id(), token.content()))
                ? Map.of()
                : idsBySpelling();
        for (AddedToken token : addedTokens) {
            if (token.content().isEmpty()) {
                continue;
            }
            boolean asWritten = isEntry(token.id(), token.content());
            Integer known = asWritten ? Integer.valueOf(token.id()) : ids.get(token.content());
            int id = known != null ? known : Math.max(lastAdded + 1, modelSize);
            if (known == null) {
                put(id, token.content());
                ids.put(token.content(), id);
            }
            if (known == null || token.special()) {
                literals.set(id);
            }
            lastAdded = Math.max(lastAdded, id);
        }
        return literals;
    }

    private boolean isEntry(int id, String content) {
        return id >= 0 && id < spellings.length && spellings[id].equals(content);
    }

    private Map<String, Integer> idsBySpelling() {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < spellings.length; id++) {
            ids.put(spellings[id], id);
        }
        return ids;
    }

    private void readModel(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            String name = json.nextName();
            switch (name) {
                case "vocab" -> readVocabulary(json);
                case "dropout" -> refuseDropout(json);
                case "continuing_subword_prefix", "end_of_word_suffix" -> refuseAffix(name, json);
                default -> json.skipValue();
            }
        }
        json.endObject();
    }

    /**
     * The tokenizers library removes such a prefix even from shorter entries, which ends the process; with a suffix it
     * places tokens after the end of the text.
     */
    private void refuseAffix(String name, JsonReader json) throws IOException {
        if (json.peek() == JsonToken.NULL) {
            json.nextNull();
        } else if (!json.nextString().isEmpty()) {
            throw TokenizerDefinition.fault(file, "cannot be used: its %s is not supported".formatted(name));
        }
    }

    /** With dropout the ids of a text are random. */
    private void refuseDropout(JsonReader json) throws IOException {
        if (json.peek() == JsonToken.NULL) {
            json.nextNull();
        } else if (json.nextDouble() != 0) {
            throw TokenizerDefinition.fault(file, "cannot be used: set its model's dropout to null");
        }
    }

    private void readVocabulary(JsonReader json) throws IOException {
        if (json.peek() == JsonToken.BEGIN_ARRAY) {
            readPieces(json);
        } else {
            readIds(json);
        }
    }

    /** {@code [[piece, score], ...]}; an id is an index into the list. */
    private void readPieces(JsonReader json) throws IOException {
        int id = 0;
        json.beginArray();
        while (json.hasNext()) {
            json.beginArray();
            put(id++, json.nextString());
            json.skipValue();
            json.endArray();
        }
        json.endArray();
    }

    /** {@code {piece: id, ...}}. */
    private void readIds(JsonReader json) throws IOException {
        json.beginObject();
        while (json.hasNext()) {
            String piece = json.nextName();
            put(json.nextInt(), piece);
        }
        json.endObject();
    }

    private void refuseIfLong(String entry) {
        if (entry.length() > LONGEST_ENTRY) {
            throw TokenizerDefinition.fault(
                    file,
                    "cannot be used: an entry has %,d characters; at most %,d are read. Download the file again"
                            .formatted(entry.length(), LONGEST_ENTRY));
        }
    }

    private void put(int id, String piece) throws IOException {
        refuseIfLong(piece);
        if (id < 0 || id >= MAXIMUM_SIZE) {
            throw new MalformedJsonException("id %d is out of range".formatted(id));
        }
        if (id >= spellings.length) {
            int length = spellings.length;
            spellings = Arrays.copyOf(spellings, Math.max(id + 1, 2 * length));
            Arrays.fill(spellings, length, spellings.length, "");
        }
        spellings[id] = piece;
        entryCount++;
    }
}
