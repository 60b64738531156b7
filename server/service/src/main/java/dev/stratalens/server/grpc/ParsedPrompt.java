package dev.stratalens.server.grpc;

import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.lens.generation.RequestedGeneration;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.server.access.Right;
import dev.stratalens.server.grpc.access.CallerModels;
import dev.stratalens.server.grpc.request.GenerationParser;
import dev.stratalens.server.grpc.request.RequestParser;
import dev.stratalens.server.grpc.result.WireOptions;
import dev.stratalens.server.grpc.stream.MessageSink;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.quota.Admission;
import dev.stratalens.server.scheduling.QueuedRequest;
import dev.stratalens.server.scheduling.WhenFull;
import dev.stratalens.server.watch.RequestRecord;
import dev.stratalens.server.watch.Subject;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.GenerateRequest;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A parsed request, from a call of its own or from a batch.
 *
 * @param model computes it
 * @param options form of the answer
 * @param lens what is computed
 * @param generation what is generated after the prompt; empty for nothing
 * @param alone whether in a pass of its own
 */
record ParsedPrompt(
        NamedModel model,
        WireOptions options,
        RequestedPlan lens,
        Optional<RequestedGeneration> generation,
        boolean alone) {

    /**
     * Reads a request.
     *
     * @throws LensFailure if the caller may not ask the model, or the request makes no sense whatever the model
     */
    static ParsedPrompt read(AnalyzeRequest request, CallerModels models) {
        return read(request, Optional.empty(), models);
    }

    /** As the other, of a request to generate. */
    static ParsedPrompt read(GenerateRequest request, CallerModels models) {
        return read(request.getRequest(), Optional.of(GenerationParser.parse(request.getOptions())), models);
    }

    private static ParsedPrompt read(
            AnalyzeRequest request, Optional<RequestedGeneration> generation, CallerModels models) {
        NamedModel model = models.find(request.getModel(), generation.isPresent() ? Right.GENERATE : Right.ANALYZE);
        if (request.getInterventionsCount() > 0) {
            models.find(request.getModel(), Right.INTERVENE);
        }
        WireOptions options = RequestParser.wireOptions(request);
        return new ParsedPrompt(model, options, RequestParser.parse(request), generation, request.getAlone());
    }

    /**
     * A request that sends the answer.
     *
     * @param nanoTime by which its messages are spaced
     * @param request learns what is asked and computed
     */
    QueuedRequest queued(
            MessageSink<AnalyzeResponse> sink,
            WhenFull whenFull,
            Admission admission,
            LongSupplier nanoTime,
            RequestRecord request) {
        request.concerns(new Subject(model.name(), options.requestId(), Optional.of(lens.prompt())));
        var queued = new QueuedRequest(
                lens, generation, new AnalyzeAnswer(options, sink, nanoTime, request), whenFull, admission);
        if (alone) {
            queued.runAlone();
        }
        return queued;
    }
}
