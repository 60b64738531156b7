package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;
import java.util.List;

/** No served model has the name. */
public final class UnknownModelException extends LensFailure {

    private final String name;
    private final List<String> served;

    /** @param served names that are served, in order */
    public UnknownModelException(String name, List<String> served) {
        super("No model named \"%s\" is served here. Served: %s."
                .formatted(name, served.isEmpty() ? "none" : String.join(", ", served)));
        this.name = name;
        this.served = List.copyOf(served);
    }

    public String name() {
        return name;
    }

    public List<String> served() {
        return served;
    }
}
