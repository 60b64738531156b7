package dev.stratalens.server.grpc;

import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.server.access.Right;
import dev.stratalens.server.grpc.access.CallerModels;
import dev.stratalens.server.grpc.request.RequestParser;
import dev.stratalens.server.grpc.stream.MessageSink;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.quota.Admission;
import dev.stratalens.server.scheduling.QueuedRequest;
import dev.stratalens.server.scheduling.WhenFull;
import dev.stratalens.server.watch.RequestRecord;
import dev.stratalens.server.watch.Subject;
import dev.stratalens.v1.SweepRequest;
import dev.stratalens.v1.SweepResponse;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A parsed sweep.
 *
 * @param model computes it
 * @param request as it came
 * @param plan what is computed
 */
record ParsedSweep(NamedModel model, SweepRequest request, RequestedPlan plan) {

    /**
     * Reads a request.
     *
     * @throws dev.stratalens.engine.error.LensFailure if the caller may not ask the model, or the request makes no sense whatever the
     *     model
     */
    static ParsedSweep read(SweepRequest request, CallerModels models) {
        NamedModel model = models.find(request.getModel(), Right.ANALYZE);
        models.find(request.getModel(), Right.INTERVENE);
        return new ParsedSweep(model, request, RequestParser.parse(request));
    }

    /** A request that sends the answer. */
    QueuedRequest queued(
            MessageSink<SweepResponse> sink, Admission admission, LongSupplier nanoTime, RequestRecord record) {
        record.concerns(new Subject(model.name(), request.getRequestId(), Optional.of(plan.prompt())));
        return new QueuedRequest(plan, new SweepAnswer(request, sink, nanoTime, record), WhenFull.REFUSE, admission);
    }
}
