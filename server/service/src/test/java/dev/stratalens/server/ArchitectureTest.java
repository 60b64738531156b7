package dev.stratalens.server;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.stratalens.engine.rule.PackageRules;
import java.util.Set;
import java.util.TreeSet;

/** The dependency rule: arrows between packages point downwards only, and gRPC has its doors. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

    static final String ROOT = "dev.stratalens.server";

    private static final String GRPC = ROOT + ".grpc";
    private static final Set<String> CALLS =
            Set.of(GRPC, GRPC + ".access", GRPC + ".stream", GRPC + ".status", GRPC + ".watch");

    @ArchTest
    static final ArchRule NO_PACKAGE_CYCLE = PackageRules.noCycleIn(ROOT);

    // A layer without classes fails the rule, so it cannot hold of nothing.
    @ArchTest
    static final ArchRule ARROWS_POINT_DOWNWARDS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
            .ensureAllClassesAreContainedInArchitecture()
            .layer("server")
            .definedBy(ROOT)
            .layer("grpc")
            .definedBy(ROOT + ".grpc..")
            .layer("scheduling")
            .definedBy(ROOT + ".scheduling..")
            .layer("models")
            .definedBy(ROOT + ".models..")
            .layer("error")
            .definedBy(ROOT + ".error..")
            .layer("hub")
            .definedBy(ROOT + ".hub..")
            .layer("config")
            .definedBy(ROOT + ".config..")
            .layer("quota")
            .definedBy(ROOT + ".quota..")
            .layer("access")
            .definedBy(ROOT + ".access..")
            .layer("admin")
            .definedBy(ROOT + ".admin..")
            .layer("telemetry")
            .definedBy(ROOT + ".telemetry..")
            .layer("watch")
            .definedBy(ROOT + ".watch..")
            .layer("threads")
            .definedBy(ROOT + ".threads..")
            .whereLayer("server")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("grpc")
            .mayOnlyAccessLayers("scheduling", "models", "quota", "access", "watch", "threads", "error")
            .whereLayer("scheduling")
            .mayOnlyAccessLayers("models", "quota", "access", "threads", "error")
            .whereLayer("models")
            .mayOnlyAccessLayers("hub", "threads", "error")
            .whereLayer("config")
            .mayOnlyAccessLayers("models", "hub", "access", "error")
            .whereLayer("hub")
            .mayOnlyAccessLayers("error")
            .whereLayer("quota")
            .mayOnlyAccessLayers("access", "threads", "error")
            .whereLayer("access")
            .mayOnlyAccessLayers("threads", "error")
            .whereLayer("admin")
            .mayOnlyAccessLayers("config")
            .whereLayer("telemetry")
            .mayOnlyAccessLayers("scheduling", "models", "watch")
            .whereLayer("watch")
            .mayOnlyAccessLayers("threads", "error")
            .whereLayer("threads")
            .mayNotAccessAnyLayer()
            .whereLayer("error")
            .mayNotAccessAnyLayer();

    @ArchTest
    static void onlyTheTopKnowsGrpc(JavaClasses classes) {
        Set<String> calls = new TreeSet<>(CALLS);
        assertEquals(Set.of(ROOT + ".telemetry"), PackageRules.packagesThatUse("io.opentelemetry", classes));
        calls.addAll(Set.of(ROOT, ROOT + ".telemetry"));
        assertEquals(calls, PackageRules.packagesThatUse("io.grpc", classes));
        Set<String> messages = new TreeSet<>(CALLS);
        messages.removeAll(Set.of(GRPC + ".access", GRPC + ".watch"));
        messages.addAll(Set.of(GRPC + ".message", GRPC + ".request", GRPC + ".result"));
        assertEquals(messages, PackageRules.packagesThatUse("dev.stratalens.v1", classes));
        messages.add(GRPC + ".watch");
        assertEquals(messages, PackageRules.packagesThatUse("com.google.protobuf", classes));
    }

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        assertEquals(Set.of(), PackageRules.unmarked(classes));
    }
}
