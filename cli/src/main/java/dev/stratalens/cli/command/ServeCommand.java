package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.log.Logging;
import dev.stratalens.cli.source.ServerOptions;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.engine.device.NvidiaHost;
import dev.stratalens.server.ConfiguredServer;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.config.ConfiguredModel;
import dev.stratalens.server.config.EffectiveConfig;
import dev.stratalens.server.config.LogFormat;
import dev.stratalens.server.config.ModelSource;
import dev.stratalens.server.config.ServerConfig;
import dev.stratalens.server.models.LoadPolicy;
import java.io.IOException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Logger;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serve}: a gRPC server, until it is stopped. */
@Command(
        name = "serve",
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Serves models over gRPC until it is stopped (Ctrl-C, SIGTERM): running calls then finish.",
            "Every setting can stand in a file, in the environment (STRATALENS_PORT) or here, and the latter win."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} serve",
            "  ${ROOT-COMMAND-NAME} serve --model demo --model small=/models/gpt2 --port 50061",
            "  ${ROOT-COMMAND-NAME} serve --host 0.0.0.0 --tls-cert server.pem --tls-key server.key --api-keys keys.json",
            "  ${ROOT-COMMAND-NAME} serve --config stratalens.yaml --set queue-capacity=16 --print-config"
        })
public final class ServeCommand extends ConsoleCommand {

    private static final Logger LOG = Logger.getLogger(ServeCommand.class.getName());

    @ArgGroup(validate = false, heading = "%nSettings:%n")
    ServerOptions options = new ServerOptions();

    @Option(names = "--print-config", description = "Print the effective configuration, with its origins, and end.")
    boolean printConfig;

    public ServeCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() throws InterruptedException {
        EffectiveConfig effective = options.read(System.getenv());
        if (printConfig) {
            console.out().print(effective.toYaml());
            return ExitCode.OK.number();
        }
        ServerConfig config = effective.config();
        if (config.operator().logFormat() == LogFormat.JSON) {
            Logging.useJson();
        }
        checkModels(effective);
        LensServer server = ConfiguredServer.of(
                config,
                LocalModel.demoDirectory(installation),
                installation.hub(),
                Installation.version(),
                NvidiaHost.here());
        start(server);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stratalens-stop"));
        announce(server, config);
        server.awaitTermination();
        return ExitCode.OK.number();
    }

    /**
     * Says which models are not there. They are served as failed, since they may come, and the others are wanted; but a server
     * that could answer nothing does not start.
     */
    private void checkModels(EffectiveConfig effective) {
        List<String> faults = new ArrayList<>();
        Set<ConfiguredModel> usable = new HashSet<>();
        effective.config().models().forEach((name, model) -> {
            try {
                requireCheckpoint(model.source());
                usable.add(model);
            } catch (CliException absent) {
                faults.add(effective.origin(name) + ": " + absent.getMessage());
                if (model.load() == LoadPolicy.ON_DEMAND) {
                    usable.add(model);
                }
            }
        });
        if (usable.isEmpty()) {
            throw new CliException(ExitCode.MODEL, String.join(System.lineSeparator(), faults));
        }
        faults.forEach(LOG::warning);
    }

    private void requireCheckpoint(ModelSource source) {
        if (source instanceof ModelSource.Local local) {
            LocalModel.parse(local.path().toString(), installation);
        } else if (source instanceof ModelSource.Demo) {
            LocalModel.parse(LocalModel.DEMO, installation);
        }
    }

    private static void start(LensServer server) {
        try {
            server.start();
        } catch (BindException e) {
            throw new CliException(ExitCode.INTERNAL, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** A server that was stopped in order has not failed, though the JVM would end with the signal's number. */
    private static void stop(LensServer server) {
        server.stop();
        Runtime.getRuntime().halt(ExitCode.OK.number());
    }

    private void announce(LensServer server, ServerConfig config) {
        String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
        int port = server.port().orElseThrow();
        console.out()
                .printf(
                        "Serving %s on %s (%s, computed on %s). Ask it: %s analyze --server %s --model %s%s \"The"
                                + " capital of France is\"%n",
                        String.join(", ", config.models().keySet()),
                        host + ":" + port,
                        config.tls().isPresent() ? "TLS" : "plaintext",
                        String.join(", ", server.devices()),
                        installation.command(),
                        (isWildcard(host) ? "localhost" : host) + ":" + port,
                        config.models().keySet().iterator().next(),
                        config.access().required() && config.access().hasProof() ? " --api-key-file FILE" : "");
        console.out().flush();
    }

    /** All addresses of the machine: one to listen on, not to ask. */
    private static boolean isWildcard(String host) {
        return host.equals("0.0.0.0") || host.equals("[::]");
    }
}
