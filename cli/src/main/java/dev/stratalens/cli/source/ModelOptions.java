package dev.stratalens.cli.source;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.DownloadProgress;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.connect.ServerAddress;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model to ask, and where: a directory of this machine, or a name that a server knows. */
public final class ModelOptions extends ServerConnection {

    public static final String HEADING = "%nWhich model:%n";

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Checkpoint directory, .gguf file, hf:ORG/NAME[@REVISION] (from the Hugging Face cache, else"
                    + " downloaded), or `demo` (default). With --server: a served name; default: the only one.")
    @Nullable
    public String model;

    @Option(
            names = "--lens-file",
            order = 6,
            paramLabel = "NAME=FILE",
            description =
                    "Give a model loaded here the fitted lens of this file, for --lens NAME. May be given several times.")
    Map<String, Path> lensFiles = new LinkedHashMap<>();

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "Ask this server instead of loading the model here. TLS, but plaintext for loopback.")
    @Nullable
    public String server;

    @Option(
            names = "--dtype",
            order = 6,
            paramLabel = "TYPE",
            description =
                    "Arithmetic of a model loaded here: auto, float32, bfloat16, or float16 on cards (default: auto).")
    @Nullable
    ComputeType dtype;

    @Option(
            names = "--device",
            order = 6,
            paramLabel = "DEVICE",
            description =
                    "Where a model loaded here computes: auto, cpu, cuda, or cards such as cuda:0,1 (default: what"
                            + " STRATALENS_DEVICE says, else auto).")
    @Nullable
    String device;

    /** Opens the way to the model; the caller closes it. */
    public Connection open(Installation installation, ProgressLine progress) {
        return open(List.of(), installation, progress);
    }

    /**
     * Opens the way to the model and to others that are loaded here beside it; the caller closes it.
     *
     * @param others written as the model is
     */
    public Connection open(List<String> others, Installation installation, ProgressLine progress) {
        if (server == null) {
            refuseWithoutServer();
            List<LocalModel> models = Stream.concat(Stream.of(model == null ? LocalModel.DEMO : model), others.stream())
                    .map(each -> LocalModel.parse(each, installation, new DownloadProgress(progress)))
                    .toList();
            ComputeType type = dtype == null ? ComputeType.AUTO : dtype;
            type.warning().ifPresent(progress::say);
            return Connection.to(models, lensFiles, type.toString(), device == null ? usualDevice() : device);
        }
        if (!others.isEmpty()) {
            throw CliException.usage(
                    "--also loads models here; the server at %s offers what it serves. Leave one of the two out."
                            .formatted(server));
        }
        ofALoadedModel().ifPresent(option -> {
            throw CliException.usage(
                    "%s says how a model is loaded here; the server at %s has loaded its own. Leave one of the two out."
                            .formatted(option, server));
        });
        return new Connection(
                client(ServerAddress.parse(server), key(installation)), model == null ? "" : model, () -> {});
    }

    /** Whether fitted lenses are given to the model. */
    public boolean hasLensFiles() {
        return !lensFiles.isEmpty();
    }

    /** An option that was given and that means nothing with a server. */
    private Optional<String> ofALoadedModel() {
        if (dtype != null) {
            return Optional.of("--dtype");
        }
        return device != null
                ? Optional.of("--device")
                : Optional.of("--lens-file").filter(option -> !lensFiles.isEmpty());
    }

    /** A client of the server with another key than the user's. */
    public LensClient clientWith(String key) {
        return client(ServerAddress.parse(String.valueOf(server)), Optional.of(key));
    }

    /** The same place and arithmetic for another model. */
    public ModelOptions forModel(String other) {
        ModelOptions options = copy();
        options.model = other;
        return options;
    }

    private ModelOptions copy() {
        ModelOptions options = new ModelOptions();
        options.model = model;
        options.server = server;
        copyTo(options);
        options.dtype = dtype;
        options.device = device;
        return options;
    }

    /** The same model at each of several servers, as HOST:PORT with commas between; these options alone if a model is loaded here. */
    public List<ModelOptions> atEachServer() {
        return server == null
                ? List.of(this)
                : Stream.of(server.split(",")).map(this::at).toList();
    }

    private ModelOptions at(String address) {
        ModelOptions options = copy();
        options.server = address.strip();
        options.lensFiles = lensFiles;
        return options;
    }

    private static String usualDevice() {
        String variable = System.getenv("STRATALENS_DEVICE");
        return variable == null || variable.isEmpty() ? "auto" : variable;
    }
}
