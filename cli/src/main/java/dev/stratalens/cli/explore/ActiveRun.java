package dev.stratalens.cli.explore;

import dev.stratalens.cli.explore.event.WrittenJson;
import dev.stratalens.cli.explore.form.PromptForm;
import dev.stratalens.cli.explore.form.RunForm;
import dev.stratalens.cli.explore.form.WritingForm;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.GenerationStream;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.SpecialTokens;
import dev.stratalens.client.request.TokenizeRequest;
import dev.stratalens.client.result.GeneratedToken;
import dev.stratalens.client.result.GenerationResult;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.ResultInfo;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run on its way to the page. One thread runs it; any may cancel. */
final class ActiveRun {

    private final LensClient client;
    private final PageEvents events;
    private @Nullable Runnable close;
    private boolean canceled;

    ActiveRun(LensClient client, EventStream events) {
        this.client = client;
        this.events = new PageEvents(events);
    }

    /**
     * Sends the run event by event, all but its end: {@code progress}, {@code run}, {@code row} for each layer, {@code tracked}; of a
     * changed pass {@code unchanged} and the rows of the unchanged one; of a text {@code token} for each token, and {@code column}
     * before the rows of its position.
     *
     * @throws LensException if the run fails or is canceled
     * @throws java.io.UncheckedIOException if the reader is gone
     */
    RunEnd run(RunForm form) {
        return form.writing() == null ? analyze(form) : write(form, form.writing());
    }

    /** Ends the work on the server. Harmless when repeated. */
    synchronized void cancel() {
        canceled = true;
        if (close != null) {
            close.run();
        }
    }

    private synchronized <T> T open(Supplier<T> call, Function<T, Runnable> closing) {
        if (canceled) {
            throw new LensException(ErrorCode.CANCELLED, "The run was canceled before it began.");
        }
        T opened = call.get();
        close = closing.apply(opened);
        return opened;
    }

    private RunEnd analyze(RunForm form) {
        LensRequest request = form.request();
        try (LensStream layers = open(() -> client.stream(request), stream -> stream::close)) {
            layers.onProgress(events::progress);
            ResultInfo info = layers.info();
            events.head("run", info);
            for (LayerResult layer : layers) {
                events.row(layer, info.positions(), 0);
            }
            LensResult result = layers.result();
            events.tracked(result, info.positions(), 0);
            if (result.unchanged().isPresent()) {
                LensResult unchanged = result.unchanged().get();
                events.head("unchanged", unchanged.info());
                events.cells(unchanged, unchanged.positions(), info.lenses().size());
            }
            return new RunEnd(form, result, Optional.empty());
        }
    }

    private RunEnd write(RunForm form, WritingForm asked) {
        if (form.change() != null) {
            throw CliException.usage("a pass is either changed or written on; leave one of the two.");
        }
        LensRequest request = form.request();
        WritingForm writing = asked.hasText() ? asked.withIds(ids(form, asked)) : asked;
        try (GenerationStream tokens =
                open(() -> client.streamGeneration(request, writing.options()), stream -> stream::close)) {
            tokens.onProgress(events::progress);
            int written = 0;
            for (GeneratedToken token : tokens) {
                LensResult from = tokens.chosenFrom();
                if (written++ == 0) {
                    events.head("run", from.info());
                    events.cells(from, from.positions(), 0);
                } else {
                    column(from, token.position() - 1);
                }
                events.send("token", (vocabulary, json) -> WrittenJson.token(token, json));
            }
            GenerationResult text = tokens.result();
            column(text.reading(), text.reading().lastPosition());
            return new RunEnd(form.writing(writing), text.reading(), Optional.of(text));
        }
    }

    private void column(LensResult from, int position) {
        events.send("column", (vocabulary, json) -> WrittenJson.column(from.info(), position, vocabulary, json));
        events.cells(from, List.of(position), 0);
    }

    /** The tokens of a typed text, as they stand inside of another. */
    private List<Integer> ids(RunForm form, WritingForm writing) {
        PromptForm prompt = Objects.requireNonNull(form.prompt());
        return client
                .tokenize(TokenizeRequest.of(Objects.requireNonNull(writing.then()))
                        .model(prompt.servedName())
                        .specialTokens(SpecialTokens.NONE)
                        .build())
                .tokens()
                .stream()
                .map(token -> token.token().id())
                .toList();
    }
}
