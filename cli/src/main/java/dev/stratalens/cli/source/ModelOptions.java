package dev.stratalens.cli.source;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.DownloadProgress;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.connect.ServerAddress;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model to ask, and where: a directory of this machine, or a name that a server knows. */
public final class ModelOptions {

    public static final String HEADING = "%nWhich model:%n";

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Checkpoint directory, .gguf file, hf:ORG/NAME[@REVISION] (from the Hugging Face cache, else"
                    + " downloaded), or `demo` (default). With --server: a served name; default: the only one.")
    @Nullable
    public String model;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "Ask this server instead of loading the model here. TLS, but plaintext for loopback.")
    @Nullable
    public String server;

    @Option(names = "--tls-ca", paramLabel = "FILE", description = "Trust the certificates of this PEM file.")
    @Nullable
    Path tlsCa;

    @Option(names = "--plaintext", description = "Talk to the server without TLS.")
    boolean plaintext;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "Arithmetic of a model loaded here: auto, float32 or bfloat16 (default: auto).")
    @Nullable
    ComputeType dtype;

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
            refuseWithoutServer("--tls-ca", tlsCa != null);
            refuseWithoutServer("--plaintext", plaintext);
            List<LocalModel> models = Stream.concat(Stream.of(model == null ? LocalModel.DEMO : model), others.stream())
                    .map(each -> LocalModel.parse(each, installation, new DownloadProgress(progress)))
                    .toList();
            ComputeType type = dtype == null ? ComputeType.AUTO : dtype;
            type.warning().ifPresent(progress::say);
            return Connection.to(models, type.toString());
        }
        if (!others.isEmpty()) {
            throw CliException.usage(
                    "--also loads models here; the server at %s offers what it serves. Leave one of the two out."
                            .formatted(server));
        }
        if (dtype != null) {
            throw CliException.usage(
                    "--dtype says how a model is loaded here; the server at %s has loaded its own. Leave one of the two out."
                            .formatted(server));
        }
        return new Connection(client(ServerAddress.parse(server)), model == null ? "" : model, () -> {});
    }

    /** The same place and arithmetic for another model. */
    public ModelOptions forModel(String other) {
        ModelOptions options = new ModelOptions();
        options.model = other;
        options.server = server;
        options.tlsCa = tlsCa;
        options.plaintext = plaintext;
        options.dtype = dtype;
        return options;
    }

    private LensClient client(ServerAddress address) {
        if (plaintext && tlsCa != null) {
            throw CliException.usage("--tls-ca and --plaintext exclude each other; give one of the two.");
        }
        LensClientBuilder builder = LensClient.builder(address.toString());
        if (plaintext || (address.isLoopback() && tlsCa == null)) {
            builder.usePlaintext();
        }
        if (tlsCa != null) {
            if (!Files.isReadable(tlsCa)) {
                throw CliException.usage("--tls-ca: cannot read %s.".formatted(tlsCa));
            }
            builder.trustCertificates(tlsCa);
        }
        return builder.build();
    }

    private static void refuseWithoutServer(String option, boolean given) {
        if (given) {
            throw CliException.usage("%s goes with --server HOST:PORT.".formatted(option));
        }
    }
}
