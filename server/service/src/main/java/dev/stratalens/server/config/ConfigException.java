package dev.stratalens.server.config;

import java.util.List;

/** A configuration that cannot be used; the message has a line for each fault. */
public final class ConfigException extends RuntimeException {

    private final List<String> faults;

    /** @param faults each naming where the value came from, the value, and what is allowed */
    ConfigException(List<String> faults) {
        super(String.join(System.lineSeparator(), faults));
        this.faults = List.copyOf(faults);
    }

    /** Each names where the value came from, the value, and what is allowed. */
    public List<String> faults() {
        return faults;
    }
}
