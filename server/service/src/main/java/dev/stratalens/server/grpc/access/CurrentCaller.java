package dev.stratalens.server.grpc.access;

import dev.stratalens.server.access.Caller;
import io.grpc.Context;

/** The caller of the call that runs on this thread. */
public final class CurrentCaller {

    private static final Context.Key<Caller> KEY = Context.keyWithDefault("stratalens-caller", Caller.ANYBODY);

    private CurrentCaller() {}

    public static Caller get() {
        return KEY.get();
    }

    /** A context in which this is the caller. */
    public static Context with(Caller caller, Context context) {
        return context.withValue(KEY, caller);
    }
}
