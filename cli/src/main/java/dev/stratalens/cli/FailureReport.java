package dev.stratalens.cli;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.failure.RefusedField;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.error.UnpairedSurrogateException;
import dev.stratalens.engine.error.DeviceUnavailableException;
import dev.stratalens.engine.error.FileFault;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.error.PrintableText;
import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.ModelSourceException.Problem;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says on standard error, in a line or two, what went wrong, and picks the exit code. */
final class FailureReport implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final PrintStream error;
    private final boolean debug;

    FailureReport(PrintStream error, Map<String, String> environment) {
        this.error = error;
        this.debug = environment.getOrDefault("STRATALENS_DEBUG", "").equals("1");
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        error.printf("stratalens: %s%n", PrintableText.lines(UsageFault.of(e)));
        List<String> suggestions = UsageFault.suggestions(e);
        if (!suggestions.isEmpty()) {
            error.printf("Did you mean %s?%n", String.join(" or ", suggestions));
        }
        error.printf("Try: %s --help%n", e.getCommandLine().getCommandSpec().qualifiedName());
        return ExitCode.USAGE.number();
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
        Exception e =
                thrown instanceof UncheckedIOException wrapped ? Objects.requireNonNull(wrapped.getCause()) : thrown;
        ParseResult innermost = parsed;
        while (innermost.hasSubcommand()) {
            innermost = innermost.subcommand();
        }
        String message = innermost.hasMatchedOption("--server") ? message(e, innermost) : messageHere(e, innermost);
        error.printf("stratalens: %s%n", PrintableText.lines(message));
        if (debug || innermost.hasMatchedOption("--verbose")) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            error.print(PrintableText.trace(trace.toString()));
        }
        return exitCode(e).number();
    }

    private static ExitCode exitCode(Exception e) {
        if (e instanceof CliException failure) {
            return failure.exitCode();
        }
        if (e instanceof ModelSourceException failure) {
            return failure.problem() == Problem.UNREACHABLE ? ExitCode.UNAVAILABLE : ExitCode.MODEL;
        }
        if (e instanceof LensCanceledException) {
            return ExitCode.INTERRUPTED;
        }
        if (e instanceof UnpairedSurrogateException || e instanceof DeviceUnavailableException) {
            return ExitCode.USAGE;
        }
        return e instanceof LensException failure ? ExitCode.of(failure.code()) : ExitCode.INTERNAL;
    }

    /** The message where the user runs the server too. */
    private static String messageHere(Exception e, ParseResult parsed) {
        return e instanceof LensException failure
                        && failure.detail().orElse(null) instanceof ErrorDetail.MemoryLimitExceeded memory
                ? "this needs %,d bytes of memory in addition to the model; %,d were free for it. Ask for fewer --layers or --positions, give a shorter prompt, or close other programs."
                        .formatted(memory.neededBytes(), memory.limitBytes())
                : message(e, parsed);
    }

    private static String message(Exception e, ParseResult parsed) {
        if (e instanceof LensException failure && failure.code() == ErrorCode.UNAUTHENTICATED) {
            return e.getMessage() + " This command takes it from --api-key-file FILE or STRATALENS_API_KEY.";
        }
        if (e instanceof LensException failure) {
            return RefusedField.of(failure)
                    .filter(field -> parsed.commandSpec().optionsMap().containsKey("--" + field.option()))
                    .map(field -> "--%s: %s".formatted(field.option(), field.message()))
                    .orElseGet(() -> e.getMessage() + connectionHint(failure, parsed));
        }
        if (e instanceof CliException || e instanceof LensFailure || e instanceof UnpairedSurrogateException) {
            return String.valueOf(e.getMessage());
        }
        if (e instanceof FileSystemException file) {
            return "%s: %s.".formatted(file.getFile(), FileFault.words(file));
        }
        if (e instanceof IOException) {
            return String.valueOf(e.getMessage());
        }
        return "unexpected fault: %s. Please report it with the stack trace that --verbose shows.".formatted(e);
    }

    /** A server on this machine that has TLS answers nothing in plain text, which is what commands speak here. */
    private static String connectionHint(LensException failure, ParseResult parsed) {
        boolean mayBeTls = failure.code() == ErrorCode.UNAVAILABLE
                && String.valueOf(failure.getMessage()).contains("TLS")
                && parsed.hasMatchedOption("--server")
                && !parsed.hasMatchedOption("--tls-ca");
        return mayBeTls ? " For TLS on this machine, give --tls-ca FILE with the server's certificate." : "";
    }
}
