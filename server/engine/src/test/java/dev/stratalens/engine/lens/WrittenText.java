package dev.stratalens.engine.lens;

import dev.stratalens.engine.lens.generation.Generation;
import dev.stratalens.engine.lens.generation.GenerationEnd;
import dev.stratalens.engine.lens.generation.GenerationPlan;
import dev.stratalens.engine.lens.generation.NewToken;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.FoundToken;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.WantedPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A generation that is run to its end, with what each of its passes read. */
final class WrittenText {

    final List<NewToken> tokens = new ArrayList<>();
    /** That of the prompt, then of each token. */
    final List<Row> rows = new ArrayList<>();

    private final Generation generation;
    private boolean complete;

    /** What a pass read. */
    static final class Row extends RecordingListener {
        private @Nullable FoundToken found;
        private @Nullable Throwable failure;

        @Nullable
        LensOutcome outcome;

        @Override
        public void next(FoundToken token) {
            found = token;
        }

        @Override
        public void completed(LensOutcome outcome) {
            this.outcome = outcome;
        }

        @Override
        public void failed(Throwable failure) {
            this.failure = failure;
        }
    }

    private WrittenText(LoadedModel lens, LensPlan prompt, GenerationPlan options) {
        this.generation = new Generation(lens.emptyState(), lens.tokenizer(), prompt, options);
    }

    /** Runs several generations, with all of them in each pass as long as they last. */
    static List<WrittenText> together(LoadedModel lens, List<LensPlan> prompts, GenerationPlan options) {
        List<WrittenText> texts = prompts.stream()
                .map(prompt -> new WrittenText(lens, prompt, options))
                .toList();
        for (List<WrittenText> live = texts; !live.isEmpty(); ) {
            List<Row> passes = live.stream().map(text -> new Row()).toList();
            List<WrittenText> now = live;
            lens.run(
                    IntStream.range(0, now.size())
                            .mapToObj(i -> new WantedPlan(
                                    now.get(i).generation.plan(),
                                    passes.get(i),
                                    () -> false,
                                    Optional.of(now.get(i).generation.continuation())))
                            .toList(),
                    Interlude.NONE);
            IntStream.range(0, now.size()).forEach(i -> now.get(i).take(passes.get(i)));
            live = now.stream().filter(text -> !text.complete).toList();
        }
        return texts;
    }

    static WrittenText of(LoadedModel lens, LensPlan prompt, GenerationPlan options) {
        return together(lens, List.of(prompt), options).get(0);
    }

    private void take(Row row) {
        if (row.failure != null) {
            throw new AssertionError(row.failure);
        }
        rows.add(row);
        if (row.found == null) {
            complete = true;
            generation.close();
        } else {
            tokens.add(generation.take(row.found));
        }
    }

    GenerationEnd end() {
        return generation.end();
    }

    /** Prompt and text as one prompt. */
    int[] after(int[] prompt) {
        return IntStream.concat(IntStream.of(prompt), IntStream.of(ids())).toArray();
    }

    int[] ids() {
        return tokens.stream().mapToInt(token -> token.found().id()).toArray();
    }
}
