package dev.stratalens.client.model;

import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a server offers.
 *
 * @param models the served models, in order of name
 * @param supportedArchitectures families that the server can load
 * @param serverVersion version of the server
 * @param memoryBudgetBytes bytes that the weights of all models may take together; empty = no bound
 */
public record ModelCatalog(
        List<ServedModel> models,
        List<String> supportedArchitectures,
        String serverVersion,
        OptionalLong memoryBudgetBytes) {

    /** Copies the lists. */
    public ModelCatalog {
        models = List.copyOf(models);
        supportedArchitectures = List.copyOf(supportedArchitectures);
        Objects.requireNonNull(serverVersion, "serverVersion");
        Objects.requireNonNull(memoryBudgetBytes, "memoryBudgetBytes");
    }
}
