package dev.stratalens.engine.lens.generation;

import dev.stratalens.engine.lens.intervention.TextChanges;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.Continuation;
import dev.stratalens.engine.lens.result.FoundToken;
import dev.stratalens.engine.lens.result.NextToken;
import dev.stratalens.engine.model.PromptState;
import dev.stratalens.engine.text.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A text that a model writes. Its passes are: the prompt, then one for each generated token, which reads the token and finds the next
 * one. The last token has its pass, too, so the rows are those of prompt and generated text as one prompt. Run each pass with {@link
 * #plan} and {@link #continuation}, and give what it has found to {@link #take}. Not thread-safe; closing frees the memory.
 */
public final class Generation implements AutoCloseable {

    private final Tokenizer tokenizer;
    private final GenerationPlan options;
    private final Optional<TokenDraw> draw;
    private final PromptState state;
    private final TextChanges changes = new TextChanges();
    private final LensPlan prompt;
    private final GeneratedText text = new GeneratedText();
    private LensPlan plan;
    private int count;
    private Optional<StopCause> cause = Optional.empty();

    /**
     * A text of which no pass has run.
     *
     * @param state empty; closed with this
     * @param prompt its plan, which reads the last position
     */
    public Generation(PromptState state, Tokenizer tokenizer, LensPlan prompt, GenerationPlan options) {
        this.tokenizer = tokenizer;
        this.prompt = prompt;
        this.options = options;
        this.draw = options.sampling().map(TokenDraw::new);
        this.state = state;
        this.plan = prompt;
    }

    /** The plan of the next pass: that of the prompt, then of one token each. */
    public LensPlan plan() {
        return plan;
    }

    /** What the next pass continues and finds. */
    public Continuation continuation() {
        return new Continuation(state, isAtLastPass() ? Optional.empty() : Optional.of(next()), changes);
    }

    /** Whether no pass comes after the next one: the token that it reads is the last one. */
    public boolean isAtLastPass() {
        return cause.isPresent();
    }

    /** How it ended, once its last token is known. */
    public GenerationEnd end() {
        OptionalLong seed =
                options.sampling().stream().mapToLong(Sampling::seed).findFirst();
        return new GenerationEnd(cause.orElseThrow(), count, seed);
    }

    private NextToken next() {
        if (count < options.forced().size()) {
            return new NextToken.Given(options.forced().get(count));
        }
        int index = count;
        return draw.<NextToken>map(some -> new NextToken.Drawn(logits -> some.draw(logits, index)))
                .orElse(new NextToken.Best());
    }

    /** Takes the token that a pass has found. The next pass reads it. */
    public NewToken take(FoundToken found) {
        boolean forced = count < options.forced().size();
        boolean ends = options.endTokens().contains(found.id());
        String completed = ends ? "" : text.add(tokenizer.entry(found.id()).bytes());
        int position = prompt.tokenIds().length + count;
        count++;
        cause = cause(ends);
        plan = rowOf(found.id());
        return new NewToken(position, found, forced, completed);
    }

    /** Forced tokens end it by their number alone. */
    private Optional<StopCause> cause(boolean ends) {
        if (count < options.forced().size()) {
            return Optional.empty();
        }
        if (ends) {
            return Optional.of(StopCause.END_TOKEN);
        }
        if (text.endsWithOneOf(options.stopTexts())) {
            return Optional.of(StopCause.STOP_TEXT);
        }
        return count == options.maxTokens() ? Optional.of(StopCause.MAX_TOKENS) : Optional.empty();
    }

    private LensPlan rowOf(int id) {
        return new LensPlan(
                new int[] {id},
                prompt.lenses(),
                prompt.readPoints(),
                new int[] {0},
                prompt.topK(),
                prompt.targets(),
                prompt.statistics(),
                prompt.minimumPeak(),
                prompt.coverage(),
                List.of(),
                prompt.candidates(),
                prompt.interventions().ofGenerated());
    }

    @Override
    public void close() {
        state.close();
    }
}
