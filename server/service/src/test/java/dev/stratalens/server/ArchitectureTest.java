package dev.stratalens.server;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** The dependency rule: arrows between packages point downwards only, and gRPC has its doors. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

    static final String ROOT = "dev.stratalens.server";

    private static final String GRPC = ROOT + ".grpc";
    private static final Set<String> CALLS = Set.of(GRPC, GRPC + ".stream", GRPC + ".status");

    @ArchTest
    static final ArchRule NO_PACKAGE_CYCLE =
            slices().matching("(dev.stratalens.server..)").should().beFreeOfCycles();

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
            .layer("threads")
            .definedBy(ROOT + ".threads..")
            .whereLayer("server")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("grpc")
            .mayOnlyAccessLayers("scheduling", "models", "threads", "error")
            .whereLayer("scheduling")
            .mayOnlyAccessLayers("models", "threads", "error")
            .whereLayer("models")
            .mayOnlyAccessLayers("hub", "threads", "error")
            .whereLayer("config")
            .mayOnlyAccessLayers("models", "hub", "error")
            .whereLayer("hub")
            .mayOnlyAccessLayers("error")
            .whereLayer("threads")
            .mayNotAccessAnyLayer()
            .whereLayer("error")
            .mayNotAccessAnyLayer();

    @ArchTest
    static void onlyTheTopKnowsGrpc(JavaClasses classes) {
        Set<String> calls = new TreeSet<>(CALLS);
        calls.add(ROOT);
        assertEquals(calls, packagesThatUse("io.grpc", classes));
        Set<String> messages = new TreeSet<>(CALLS);
        messages.addAll(Set.of(GRPC + ".message", GRPC + ".request", GRPC + ".result"));
        assertEquals(messages, packagesThatUse("dev.stratalens.v1", classes));
        assertEquals(messages, packagesThatUse("com.google.protobuf", classes));
    }

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        Set<String> unmarked = classes.stream()
                .map(JavaClass::getPackage)
                .filter(javaPackage -> !javaPackage.isAnnotatedWith(NullMarked.class))
                .map(javaPackage -> javaPackage.getName())
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(Set.of(), unmarked);
    }

    private static Set<String> packagesThatUse(String library, JavaClasses classes) {
        return classes.stream()
                .filter(javaClass -> javaClass.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency ->
                                (dependency.getTargetClass().getPackageName() + ".").startsWith(library + ".")))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
