import dev.stratalens.client.LensClient;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.report.page.HtmlReport;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.models.CheckpointLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Uses each published library: serves a model in this process, asks it, and writes a page: OutsideProgram MODEL PAGE. */
final class OutsideProgram {

    public static void main(String[] args) throws Exception {
        CheckpointLoader loader = new CheckpointLoader(
                Map.of("model", Path.of(args[0])), new CheckpointLoader.Options(Precision.FLOAT32, 64L << 20, 2));
        LensServer server = LensServer.builder(List.of("model"), loader).inProcess("here").build();
        server.start();
        try (LensClient client = LensClient.inProcess("here")) {
            LensResult result = client.analyze(LensRequest.of("The capital of France is").build());
            HtmlReport.of(result).build().write(Path.of(args[1]));
            System.out.println(result.top(9, result.lastPosition()).token().display());
        } finally {
            server.stop();
        }
    }

    private OutsideProgram() {}
}
