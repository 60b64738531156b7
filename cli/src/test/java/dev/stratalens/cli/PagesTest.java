package dev.stratalens.cli;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block of README and docs is run or compared by something, or stands here with the reason why not. */
class PagesTest {

    private static final String CLIENT_CHECK = "client-sdk/client/src/test/outside/check.sh";
    private static final String PYTHON_CHECK = "proto/src/examples/python/check.sh";
    private static final String TABLES_CHECK = "cli/src/test/tables/check.sh";
    private static final String PACKAGE_CHECK = "client-sdk/python/check.sh";
    private static final String GO_CHECK = "client-sdk/go/check.sh";
    private static final String TYPESCRIPT_CHECK = "client-sdk/typescript/check.sh";
    private static final String GENERATE_CHECK = "proto/generate/check.sh";
    private static final String SPARK_CHECK = "client-sdk/spark/check.sh";
    private static final String SHARED_CHECK = "cli/src/test/launcher/shared-server.sh";

    /** Scripts that run blocks, by the blocks' first lines. */
    private static final Map<String, String> BY_SCRIPT = Map.ofEntries(
            entry("mvn install -DskipTests -pl client-sdk/client -am", CLIENT_CHECK),
            entry("<dependency>", CLIENT_CHECK),
            entry("cd proto/src/examples/python", PYTHON_CHECK),
            entry("$ python read_stream.py localhost:50061 \"The capital of France is\"", PYTHON_CHECK),
            entry("import stratalens", PACKAGE_CHECK),
            entry("$ python layers.py", PACKAGE_CHECK),
            entry("go mod init example", GO_CHECK),
            entry("package main", GO_CHECK),
            entry("$ go run .", GO_CHECK),
            entry("npm ci", TYPESCRIPT_CHECK),
            entry("pip install './client-sdk/python[notebook,tables]'", PACKAGE_CHECK),
            entry("import { connect, display } from 'stratalens';", TYPESCRIPT_CHECK),
            entry("$ node layers.mjs", TYPESCRIPT_CHECK),
            entry("import { connect } from 'stratalens/web';", TYPESCRIPT_CHECK),
            entry("# csharp.yaml", GENERATE_CHECK),
            entry("proto/buf generate --template csharp.yaml", GENERATE_CHECK),
            entry("$ deploy/image/build", "deploy/image/check.sh"),
            entry("deploy/release/build", "deploy/release/check.sh"),
            entry("deploy/release/version 0.2.0", "deploy/release/check.sh"),
            entry("deploy/release/version 0.3.0-SNAPSHOT", "deploy/release/check.sh"),
            entry("tar --extract --file stratalens-*-linux-x86_64.tar.gz", "deploy/release/check.sh"),
            entry(
                    "$ go install github.com/improbable-eng/grpc-web/go/grpcwebproxy@v0.15.0",
                    "deploy/grpc-web/check.sh"),
            entry("umask 077 && mkdir -p shared", SHARED_CHECK),
            entry("cat > shared/policy.yaml <<'END'", SHARED_CHECK),
            entry("# in a terminal of its own", SHARED_CHECK),
            entry("SELECT layer, count(*) AS positions, avg(entropy) AS mean, median(entropy) AS median", TABLES_CHECK),
            entry("import json", TABLES_CHECK),
            entry("mvn package -DskipTests -pl client-sdk/spark -am", SPARK_CHECK),
            entry("spark-submit client-sdk/spark/target/stratalens-spark.jar \\", SPARK_CHECK),
            entry("# once: 112 MB, for Linux on x86-64", SPARK_CHECK),
            entry("import dev.stratalens.spark.SparkLens;", SPARK_CHECK),
            entry("# as Ann", SHARED_CHECK),
            entry("# as Bob", SHARED_CHECK),
            entry("stratalens: This needs 10 and your limit is 8 tokens in a prompt. Ask for less.", SHARED_CHECK),
            entry("# metrics, readiness and the audit log", SHARED_CHECK),
            entry("# drain, for at most half a minute", SHARED_CHECK));

    /** Blocks that nothing runs, by their first lines. */
    private static final Map<String, String> NOT_RUN = Map.ofEntries(
            entry("parity=server/engine/src/test/resources/parity", "needs PyTorch for Python"),
            entry("device: auto", "part of a file whose model is not here"),
            entry("# fitted lenses of a model", "part of a file whose model and lenses are not here"),
            entry(
                    " prompt                                                                                    LensResult",
                    "a diagram"),
            entry("cd server/engine/src/test/parity", "needs transformers, and writes into the sources"),
            entry(
                    "mvn -pl server/engine -am test -Dtest='LensParityTest,DecoderTest,FamilyCasesTest' -Dsurefire.failIfNoSpecifiedTests=false",
                    "tests that every build runs"),
            entry("cd target/published", "needs a key; releasing.md says that it was tried"),
            entry(".ci/fuzz 5", "looks for new inputs; .ci/long runs it"),
            entry(
                    "python -c \"from transformers import AutoTokenizer as T; T.from_pretrained('DIR').save_pretrained('DIR')\"",
                    "needs transformers"),
            entry(
                    "podman load --input deploy/image/target/image/stratalens-image.tar",
                    "needs a container engine; deploy/image/check.sh runs the image without one"),
            entry(
                    "kubectl create namespace stratalens",
                    "needs a cluster; deploy/kubernetes/check.sh checks the files"),
            entry(
                    "sudo useradd --system --home-dir /var/lib/stratalens --shell /usr/sbin/nologin stratalens",
                    "needs a machine under systemd"),
            entry(
                    "sudo -u stratalens STRATALENS_BUILD=never /opt/stratalens-NEW/stratalens serve --config /etc/stratalens/stratalens.yaml --print-config",
                    "needs a machine under systemd"),
            entry("git worktree add ../before 8aee251", "builds an earlier version"),
            entry("mvn -Pbench -pl bench/kernels -am package -DskipTests", "the gate builds it; its run takes minutes"),
            entry("# prometheus.yml", "Prometheus reads it"),
            entry("curl localhost:9464/metrics", "AdminPortTest asks the same of a server"),
            entry("curl -X POST 'localhost:9464/drain?deadline=5m'", "AdminPortTest asks the same of a server"),
            entry(
                    "2026-11-28T20:31:00.123+00:00 INFO Analyze OK id=92151de9ba830bf9 principal=anonymous peer=127.0.0.1:49896 model=demo tokens=5 lenses=1 layers=12 queue_ms=0.4 forward_ms=12.1 lens_ms=30.7 duration_ms=44.0 sent_bytes=8123 outcome=OK",
                    "a line of one moment; RequestLogTest has its form"));

    @TempDir
    private Path folder;

    static List<PageBlock> blocks() throws IOException {
        return PageBlock.all();
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void somethingRunsIt(PageBlock block) throws IOException {
        if (block.isTranscript() || block.isCommands()) {
            return; // GuideTest and CommandsTest take every such block
        }
        String first = block.firstLine().replaceFirst("  +#.*", "");
        if (BY_SCRIPT.containsKey(first)) {
            String script = BY_SCRIPT.get(first);
            assertTrue(checks().contains(script), "nothing in .ci runs " + script);
        } else if (first.startsWith("bench/run")) {
            // BenchCommandTest reads every such line; the gate runs one of them.
            assertTrue(Files.readString(CliRun.ROOT.resolve(".ci/run")).contains("bench/run"));
        } else if (first.startsWith("log-format: ")) {
            Path settings = Files.writeString(folder.resolve("stratalens.yaml"), block.text());
            CliRun run = CliRun.of("serve", "--config", settings.toString(), "--print-config");
            assertEquals(0, run.exitCode(), run.err());
        } else if (block.language().equals("java")) {
            assertTrue(isSource(block.text()), "no source has these lines:\n" + block.text());
        } else {
            assertTrue(NOT_RUN.containsKey(first), "nothing runs this block, and no reason says why:\n" + block.text());
        }
    }

    /** The gate, and what is run by hand. */
    private static String checks() throws IOException {
        return Files.readString(CliRun.ROOT.resolve(".ci/run")) + Files.readString(CliRun.ROOT.resolve(".ci/long"));
    }

    @Test
    void noReasonIsLeftOver() throws IOException {
        Set<String> first = new HashSet<>();
        PageBlock.all().forEach(block -> first.add(block.firstLine().replaceFirst("  +#.*", "")));
        Set<String> named = new HashSet<>(NOT_RUN.keySet());
        named.addAll(BY_SCRIPT.keySet());
        named.removeAll(first);

        assertEquals(Set.of(), named);
    }

    @Test
    void everyPageNamesTheSameDependency() throws IOException {
        assertEquals(
                1,
                PageBlock.all().stream()
                        .filter(block -> block.language().equals("xml"))
                        .map(PageBlock::text)
                        .distinct()
                        .count());
    }

    /** Whole programs are examples that ReadmeTest runs; the rest is quoted from the engine. */
    private static boolean isSource(String text) throws IOException {
        String wanted = squeezed(text);
        for (String folder : List.of("client-sdk/client/src/test", "client-sdk/report/src/test", "server/engine/src")) {
            try (Stream<Path> files = Files.walk(CliRun.ROOT.resolve(folder))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    if (squeezed(Files.readString(file)).contains(wanted)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static String squeezed(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
