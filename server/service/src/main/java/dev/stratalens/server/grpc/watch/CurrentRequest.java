package dev.stratalens.server.grpc.watch;

import dev.stratalens.server.watch.Origin;
import dev.stratalens.server.watch.RequestRecord;
import dev.stratalens.server.watch.TraceContext;
import io.grpc.Context;
import java.time.Instant;

/** The record of the call that runs on this thread. */
public final class CurrentRequest {

    /** Of calls that no one is told of. */
    private static final RequestRecord UNWATCHED =
            new RequestRecord(new Origin("", "", "", TraceContext.NONE, Instant.EPOCH), facts -> {});

    private static final Context.Key<RequestRecord> KEY = Context.keyWithDefault("stratalens-request", UNWATCHED);

    private CurrentRequest() {}

    public static RequestRecord get() {
        return KEY.get();
    }

    /** A context in which this is the record. */
    static Context with(RequestRecord record, Context context) {
        return context.withValue(KEY, record);
    }
}
