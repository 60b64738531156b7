package dev.stratalens.client;

import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.assembly.GenerationAssembler;
import dev.stratalens.client.internal.assembly.GenerationAssembler.Choice;
import dev.stratalens.client.internal.call.PulledAnswer;
import dev.stratalens.client.internal.call.ResponseQueue;
import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.GenerateOptions;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.GeneratedToken;
import dev.stratalens.client.result.GenerationResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.v1.GenerateResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a generation as they come, once. Use it in try-with-resources: closing before the end cancels the call, and the server
 * frees what it keeps of the text.
 *
 * <p>Read by one thread; {@link #close()} may come from any thread. Order, shape and completeness of everything that comes is
 * verified; whatever goes wrong is a {@link LensException} from reading.
 */
public final class GenerationStream implements Iterable<GeneratedToken>, AutoCloseable {

    private final GenerationAssembler assembler;
    private final PulledAnswer<GenerateResponse, GenerationResult> answer;
    private boolean taken;
    private @Nullable LensResult chosenFrom;

    GenerationStream(Channel channel, CallOptions callOptions, LensRequest request, GenerateOptions options) {
        assembler = new GenerationAssembler(request, options);
        answer = new PulledAnswer<>(
                ResponseQueue.start(
                        channel,
                        LensServiceGrpc.getGenerateMethod(),
                        callOptions,
                        RequestWriter.write(request, options)),
                response -> response.getEventsList().forEach(assembler::add),
                assembler::finish);
    }

    /** Sets who is told of the work's state, as by {@link LensStream#onProgress}. */
    public GenerationStream onProgress(Consumer<Progress> listener) {
        assembler.onProgress(listener);
        return this;
    }

    /**
     * The tokens, each as soon as it was chosen. After {@link #close()} there is no next one.
     *
     * @throws IllegalStateException if the stream has been iterated or read to its end before
     */
    @Override
    public Iterator<GeneratedToken> iterator() {
        if (taken) {
            throw new IllegalStateException(
                    "this stream has been read; start another one, or keep its result(), which can be read again");
        }
        taken = true;
        return new Tokens();
    }

    /**
     * What the lenses read where the token was chosen that the iterator gave last: for the first token over the positions of the
     * prompt, for a later one at the position of the token before it. Without a summary.
     *
     * @throws IllegalStateException before the first token
     */
    public LensResult chosenFrom() {
        LensResult from = chosenFrom;
        if (from == null) {
            throw new IllegalStateException("no token was read yet");
        }
        return from;
    }

    /**
     * The complete result; reads what is left of the stream. May be called again.
     *
     * @throws LensException if the call fails; {@code CANCELLED} if the stream was closed before its end
     */
    public GenerationResult result() {
        taken = true;
        return answer.readUntil(answer::result);
    }

    /** Cancels the call if it has not ended. Harmless when repeated. */
    @Override
    public void close() {
        answer.close();
    }

    private final class Tokens implements Iterator<GeneratedToken> {
        private final Iterator<Choice> choices = answer.items(assembler::nextChoice, "token");

        @Override
        public boolean hasNext() {
            return choices.hasNext();
        }

        @Override
        public GeneratedToken next() {
            Choice choice = choices.next();
            chosenFrom = choice.from();
            return choice.token();
        }
    }
}
