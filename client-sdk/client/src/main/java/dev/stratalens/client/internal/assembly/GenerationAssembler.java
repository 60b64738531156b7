package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.internal.message.ProgressReader;
import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.GenerateOptions;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.GeneratedToken;
import dev.stratalens.client.result.GenerationResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.ResultSummary;
import dev.stratalens.client.result.StopReason;
import dev.stratalens.client.result.Token;
import dev.stratalens.v1.CellChunk;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.GenerationSummary;
import dev.stratalens.v1.LensSummary;
import dev.stratalens.v1.TargetChunk;
import dev.stratalens.v1.TrajectoryChunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of a generation together: the result of the prompt, then for each token its choice and its row. A row is read when
 * the token after it is known, or that there is none. By one thread at a time.
 */
public final class GenerationAssembler {

    private final LensRequest request;
    private final GenerateOptions options;
    private final ProgressReader progress = new ProgressReader();
    private final List<GeneratedToken> tokens = new ArrayList<>();
    private final Deque<Choice> unread = new ArrayDeque<>();
    private final List<JoinedColumns.Part> parts = new ArrayList<>();
    /** Of the row of the last token. */
    private final List<Event> rowEvents = new ArrayList<>();

    private Consumer<Progress> onProgress = state -> {};
    private @Nullable HeaderReader head;
    private @Nullable BodyAssembler prompt;
    private @Nullable GrowingText text;
    private @Nullable GenerationSummary ended;
    private @Nullable GenerationResult result;
    private @Nullable ResultInfo promptInfo;
    private long missing;
    private int positions;

    /**
     * A token, and what the lenses read where it was chosen.
     *
     * @param from for the first token over the positions of the prompt, for a later one at the position of the token before it;
     *     without a summary
     */
    public record Choice(GeneratedToken token, LensResult from) {}

    /** An assembler for the answer to this request. */
    public GenerationAssembler(LensRequest request, GenerateOptions options) {
        this.request = request;
        this.options = options;
    }

    /** Sets who is told of progress. */
    public void onProgress(Consumer<Progress> listener) {
        onProgress = listener;
    }

    /** The next token; null if none is there. */
    public @Nullable Choice nextChoice() {
        return unread.poll();
    }

    /** Takes an event. */
    public void add(Event event) {
        Event.KindCase kind = event.getKindCase();
        require(result == null || kind == Event.KindCase.KIND_NOT_SET, "%s came after the summary", kind);
        switch (kind) {
            case HEADER -> {
                require(head == null, "a second header came");
                head = new HeaderReader(request, event.getHeader(), HeaderReader.Ending.OPEN);
            }
            case PROMPT_CHUNK -> {
                HeaderReader reader = head("a prompt chunk");
                reader.add(event.getPromptChunk());
                prompt = reader.isComplete() ? new BodyAssembler(reader) : null;
            }
            case TARGET_CHUNK, CELL_CHUNK, TRAJECTORY_CHUNK -> {
                if (tokens.isEmpty()) {
                    add(event, prompt(kind.toString()), 0);
                } else {
                    require(ended == null, "%s came after the end of the generation", kind);
                    rowEvents.add(withoutTexts(event));
                }
            }
            case GENERATED_TOKEN -> token(event.getGeneratedToken());
            case GENERATION_SUMMARY -> end(event.getGenerationSummary());
            case SUMMARY -> summary(event.getSummary());
            case PROGRESS -> onProgress.accept(progress.read(event.getProgress()));
            default -> {} // of a later contract
        }
    }

    /** The result, at the stream's end. */
    public GenerationResult finish() {
        if (result == null) {
            throw BrokenStream.error("the stream ended without a summary, after " + tokens.size() + " tokens");
        }
        return result;
    }

    /** Takes the texts that come with an event, which later events may use before the event itself is read. */
    private Event withoutTexts(Event event) {
        StreamVocabulary texts = head("a row").texts();
        switch (event.getKindCase()) {
            case TARGET_CHUNK -> {
                texts.add(event.getTargetChunk().getNewTokens());
                return Event.newBuilder()
                        .setTargetChunk(event.getTargetChunk().toBuilder().clearNewTokens())
                        .build();
            }
            case CELL_CHUNK -> {
                texts.add(event.getCellChunk().getNewTokens());
                return Event.newBuilder()
                        .setCellChunk(event.getCellChunk().toBuilder().clearNewTokens())
                        .build();
            }
            default -> {
                texts.add(event.getTrajectoryChunk().getNewTokens());
                return Event.newBuilder()
                        .setTrajectoryChunk(
                                event.getTrajectoryChunk().toBuilder().clearNewTokens())
                        .build();
            }
        }
    }

    private void token(dev.stratalens.v1.GeneratedToken wire) {
        HeaderReader reader = head("a generated token");
        require(ended == null, "a token came after the end of the generation");
        reader.texts().add(wire.getNewTokens());
        Token token = reader.texts().get(wire.getId());
        if (tokens.isEmpty()) {
            closePrompt(token);
        }
        GrowingText growing = text();
        require(
                wire.getPosition() == growing.tokens().size(),
                "expected a token at position %d, but one at %d came",
                growing.tokens().size(),
                wire.getPosition());
        int index = tokens.size();
        require(
                wire.getForced() == index < options.forced().size()
                        && (!wire.getForced() || options.forced().get(index) == wire.getId()),
                "token %d of the generation is %d, forced: %b; the forced tokens are %s",
                index,
                wire.getId(),
                wire.getForced(),
                options.forced());
        growing.add(token, wire.getText());
        LensResult from = view(index == 0 ? promptInfo() : closeRow(wire.getPosition() - 1));
        GeneratedToken made = GeneratedToken.builder()
                .position(wire.getPosition())
                .token(token)
                .logProb(wire.getLogProbability())
                .settledFrom(wire.hasSettledFrom() ? OptionalInt.of(wire.getSettledFrom()) : OptionalInt.empty())
                .forced(wire.getForced())
                .text(wire.getText())
                .build();
        tokens.add(made);
        unread.add(new Choice(made, from));
    }

    private void closePrompt(Token first) {
        BodyAssembler body = prompt("a generated token");
        missing += body.finish("a generated token");
        ResultInfo info = body.requireInfo("a generated token");
        int last = info.tokens().size() - 1;
        require(
                info.positions().contains(last),
                "a token came, but the position from which it was chosen, %d, was not read",
                last);
        info.targets().forEach(target -> {
            if (target.target() instanceof dev.stratalens.client.request.LensTarget.NextToken) {
                OptionalInt said = target.ids().get(info.positionIndex(last));
                require(
                        said.equals(OptionalInt.of(first.id())),
                        "the next token of the prompt was said to be %s, but token %d came",
                        said,
                        first.id());
            }
        });
        text = new GrowingText(info.prompt(), info.tokens());
        promptInfo = info;
        keep(info, body);
    }

    private void keep(ResultInfo info, BodyAssembler body) {
        parts.add(JoinedColumns.Part.of(info, body.lenses()));
        positions += info.positions().size();
    }

    /** Reads the row of the token at a position; all that it refers to has come. */
    private ResultInfo closeRow(int position) {
        HeaderReader row = head("a row").row(text().tokens(), position);
        BodyAssembler body = new BodyAssembler(row);
        int before = positions;
        rowEvents.forEach(event -> add(event, body, before));
        rowEvents.clear();
        missing += body.finish("the token after position " + position);
        ResultInfo info = body.requireInfo("a row");
        keep(info, body);
        return info;
    }

    /** @param before positions of the stream before those of the part */
    private static void add(Event event, BodyAssembler part, int before) {
        switch (event.getKindCase()) {
            case TARGET_CHUNK -> {
                TargetChunk chunk = event.getTargetChunk();
                part.add(chunk.toBuilder()
                        .setFirstPosition(chunk.getFirstPosition() - before)
                        .build());
            }
            case CELL_CHUNK -> {
                CellChunk chunk = event.getCellChunk();
                var unused = part.add(chunk.toBuilder()
                        .setFirstPosition(chunk.getFirstPosition() - before)
                        .build());
            }
            default -> {
                TrajectoryChunk chunk = event.getTrajectoryChunk();
                part.add(chunk.toBuilder()
                        .setPosition(chunk.getPosition() - before)
                        .build());
            }
        }
    }

    private void end(GenerationSummary summary) {
        require(
                ended == null && !tokens.isEmpty(),
                "the generation ended %s",
                ended == null ? "without a token" : "twice");
        require(
                summary.getTokenCount() == tokens.size(),
                "the generation's summary counts %d tokens where %d came",
                summary.getTokenCount(),
                tokens.size());
        var unused = closeRow(text().tokens().size() - 1);
        ended = summary;
    }

    private void summary(LensSummary summary) {
        GenerationSummary generation = ended;
        if (generation == null) {
            throw BrokenStream.error("the summary came before the end of the generation");
        }
        JoinedColumns joined = new JoinedColumns(promptInfo(), parts);
        ResultInfo info = joined.info(text().text(), text().tokens());
        LensResult reading = new ResultColumns(
                        info,
                        joined.lenses(),
                        head("the summary").texts().byId(),
                        SummaryReader.read(summary, info, missing).build())
                .view();
        result = GenerationResult.builder()
                .reading(reading)
                .tokens(tokens)
                .stopReason(StopReason.of(generation.getStopReasonValue()))
                .seed(generation.hasSeed() ? OptionalLong.of(generation.getSeed()) : OptionalLong.empty())
                .build();
    }

    /** The last part, with the texts of the ids that occur in it. */
    private LensResult view(ResultInfo info) {
        JoinedColumns.Part part = parts.get(parts.size() - 1);
        Map<Integer, Token> texts = new HashMap<>();
        part.ids().forEach(id -> texts.put(id, head("a row").texts().get(id)));
        return new ResultColumns(
                        info, part.lenses(), texts, ResultSummary.builder().build())
                .view();
    }

    private ResultInfo promptInfo() {
        ResultInfo info = promptInfo;
        if (info == null) {
            throw BrokenStream.error("the generation ended before its first token");
        }
        return info;
    }

    private HeaderReader head(String what) {
        HeaderReader reader = head;
        if (reader == null) {
            throw BrokenStream.error(what + " came before the header");
        }
        return reader;
    }

    private BodyAssembler prompt(String what) {
        BodyAssembler body = prompt;
        if (body == null) {
            throw BrokenStream.error(what + " came before all of the prompt");
        }
        return body;
    }

    private GrowingText text() {
        GrowingText growing = text;
        if (growing == null) {
            throw BrokenStream.error("the generation ended before its first token");
        }
        return growing;
    }
}
