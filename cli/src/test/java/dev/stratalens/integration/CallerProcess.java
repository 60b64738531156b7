package dev.stratalens.integration;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.request.LensRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A program of its own that asks again and again, since a JVM reads only at its start what names mean. */
final class CallerProcess {

    private CallerProcess() {}

    /**
     * Starts one; it ends when it is sent a line.
     *
     * @param hosts a file in the form of {@code /etc/hosts}
     * @param target of the client
     */
    static Process start(Path hosts, String target) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.net.hosts.file=" + hosts,
                        "-cp",
                        System.getProperty("java.class.path"),
                        CallerProcess.class.getName(),
                        target))
                .inheritIO()
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
    }

    public static void main(String[] args) throws IOException {
        try (LensClient client = LensClient.builder(args[0]).usePlaintext().build()) {
            while (System.in.available() == 0) {
                client.analyze(LensRequest.of("hello").build());
            }
        }
    }
}
