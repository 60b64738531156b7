package dev.stratalens.cli.doctor;

import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.connect.LocalServer;
import dev.stratalens.cli.source.ComputeType;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.engine.device.NvidiaHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All checks, in the order in which they matter. */
public final class Doctor {

    private Doctor() {}

    /** Looks at this machine and process, and tries the models in a type, on a device. */
    public static List<Finding> examine(
            List<LocalModel> models, ComputeType type, String device, ProgressLine progress) {
        List<Finding> findings = new ArrayList<>(JavaChecks.run());
        findings.addAll(new NativeLibraryChecks(System.getenv(), Path.of(System.getProperty("user.home"))).run());
        findings.addAll(new MachineChecks(Path.of("/proc")).run());
        findings.addAll(new DeviceChecks(NvidiaHost.here()).run());
        findings.addAll(new EnvironmentChecks(System.getenv(), System.getProperty("sun.jnu.encoding", "UTF-8")).run());
        findings.add(Finding.ok(
                "families",
                "%d types of models; models list --format json names them"
                        .formatted(LocalServer.supportedFamilies().size())));
        type.warning().ifPresent(warning -> findings.add(Finding.note("dtype", type.toString(), warning)));
        for (LocalModel model : models) {
            findings.add(ModelChecks.run(model, type, device, progress));
        }
        return findings;
    }
}
