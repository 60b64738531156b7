package dev.stratalens.bench.peer;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** One tool with the model in memory. Not thread-safe; ends with this process, if not before. */
public final class PeerProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String tool;
    private final ChildProcess process;
    private final BufferedReader answers;
    private final BufferedWriter questions;
    private String version = "";

    /**
     * One answer.
     *
     * @param seconds that the tool took
     * @param peakAnonymousBytes growth of its memory meanwhile
     * @param resultBytes of its result, as it counts them
     */
    public record Answer(double seconds, double peakAnonymousBytes, double resultBytes) {}

    /** A tool that does not start, or cannot answer. */
    public static final class PeerFailure extends RuntimeException {
        PeerFailure(String message) {
            super(message);
        }
    }

    private PeerProcess(String tool, Process process) {
        this.tool = tool;
        this.process = new ChildProcess(process);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.questions = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    }

    static PeerProcess start(String tool, ProcessBuilder builder) throws IOException {
        return new PeerProcess(
                tool, builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    /** Waits until the tool has loaded the model, and says its version. */
    public String awaitReady() {
        JsonObject ready = next();
        if (!ready.has("ready") || !ready.get("ready").getAsBoolean()) {
            throw new PeerFailure("%s does not start: %s".formatted(tool, ready));
        }
        version = ready.has("version") ? ready.get("version").getAsString() : "";
        return version;
    }

    /** Asks and waits for the answer. */
    public Answer ask(String text, List<Integer> tokenIds, int topK) {
        JsonObject question = new JsonObject();
        question.addProperty("text", text);
        JsonArray ids = new JsonArray();
        tokenIds.forEach(ids::add);
        question.add("token_ids", ids);
        question.addProperty("top_k", topK);
        try {
            questions.write(question + "\n");
            questions.flush();
        } catch (IOException e) {
            throw new PeerFailure("%s has ended: %s".formatted(tool, e.getMessage()));
        }
        JsonObject answer = next();
        if (!answer.has("seconds")) {
            throw new PeerFailure("%s at %d tokens: %s".formatted(tool, tokenIds.size(), answer.get("error")));
        }
        return new Answer(
                answer.get("seconds").getAsDouble(),
                number(answer, "peak_anonymous_bytes"),
                number(answer, "result_bytes"));
    }

    private static double number(JsonObject answer, String name) {
        return answer.has(name) && !answer.get(name).isJsonNull()
                ? answer.get(name).getAsDouble()
                : 0;
    }

    private JsonObject next() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new PeerFailure("%s has ended without an answer".formatted(tool));
            }
            return JsonParser.parseString(line).getAsJsonObject();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new PeerFailure("%s gives an answer that is not understood: %s".formatted(tool, e.getMessage()));
        }
    }

    @Override
    public void close() {
        try {
            questions.close(); // it ends when there is nothing more to ask
        } catch (IOException e) {
            process.process().destroyForcibly();
        }
        process.end(PATIENCE);
    }
}
