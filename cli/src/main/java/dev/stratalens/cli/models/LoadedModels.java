package dev.stratalens.cli.models;

import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.client.model.ModelState;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.client.model.ServerInfo;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Words for what of a server's models is in memory. */
public final class LoadedModels {

    private LoadedModels() {}

    public static String state(ModelState state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Empty for a model that takes none. */
    public static String memory(ServedModel model) {
        return model.memoryBytes() == 0 ? "" : ByteSize.text(model.memoryBytes());
    }

    /** Empty for a model that is not loaded. */
    public static String lastUse(ServedModel model) {
        if (model.requests() > 0) {
            return model.requests() == 1 ? "now, 1 request" : "now, %d requests".formatted(model.requests());
        }
        return model.unusedFor().map(unused -> ago(unused) + " ago").orElse("");
    }

    private static String ago(Duration duration) {
        if (duration.toMinutes() < 2) {
            return duration.toSeconds() + " s";
        }
        return duration.toHours() < 2 ? duration.toMinutes() + " min" : duration.toHours() + " h";
    }

    /** What all models take, and may take; empty for a server without a bound. */
    public static Optional<String> budget(ServerInfo server, List<ServedModel> models) {
        if (server.limits().memoryBudgetBytes().isEmpty()) {
            return Optional.empty();
        }
        long taken = models.stream().mapToLong(ServedModel::memoryBytes).sum();
        return Optional.of("Models take %s of a budget of %s."
                .formatted(
                        ByteSize.text(taken),
                        ByteSize.text(server.limits().memoryBudgetBytes().getAsLong())));
    }
}
