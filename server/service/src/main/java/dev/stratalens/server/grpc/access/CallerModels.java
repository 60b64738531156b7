package dev.stratalens.server.grpc.access;

import dev.stratalens.server.access.Caller;
import dev.stratalens.server.access.Right;
import dev.stratalens.server.error.NotAllowedException;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
import java.util.List;
import java.util.Locale;

/**
 * The models that exist for a caller, and what this one may do with them: the one place that decides. A model that the caller may
 * not see is not listed, and asking for it is asking for a model that is not there.
 */
public record CallerModels(ModelRegistry registry, Caller caller) {

    /** For the call that runs on this thread. */
    public static CallerModels current(ModelRegistry registry) {
        return new CallerModels(registry, CurrentCaller.get());
    }

    /** All, in order of name. */
    public List<NamedModel> all() {
        return registry.models().stream().filter(model -> sees(model.name())).toList();
    }

    /**
     * The model of a name; the empty name stands for the only one.
     *
     * @throws NotAllowedException if the caller sees it, but lacks the right
     */
    public NamedModel find(String name, Right right) {
        NamedModel model = registry.find(name, "model", this::sees);
        if (!caller.grant().allows(right, model.name())) {
            throw NotAllowedException.withoutRight(
                    caller.principal().name(), right.name().toLowerCase(Locale.ROOT), model.name());
        }
        return model;
    }

    private boolean sees(String model) {
        return caller.grant().allows(Right.SEE, model);
    }
}
