package dev.stratalens.server;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
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

/** The dependency rule: arrows between packages point downwards only, and each foreign library has its doors. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

    static final String ROOT = "dev.stratalens.server";

    // A layer without classes fails the rule, so it cannot hold of nothing.
    @ArchTest
    static final ArchRule ARROWS_POINT_DOWNWARDS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
            .ensureAllClassesAreContainedInArchitecture()
            .layer("server")
            .definedBy(ROOT)
            .layer("bench")
            .definedBy(ROOT + ".bench..")
            .layer("grpc")
            .definedBy(ROOT + ".grpc..")
            .layer("scheduler")
            .definedBy(ROOT + ".scheduler..")
            .layer("registry")
            .definedBy(ROOT + ".registry..")
            .layer("lens")
            .definedBy(ROOT + ".lens..")
            .layer("model")
            .definedBy(ROOT + ".model")
            .layer("torch")
            .definedBy(ROOT + ".model.torch..")
            .layer("checkpoint")
            .definedBy(ROOT + ".model.checkpoint..")
            .layer("architecture")
            .definedBy(ROOT + ".model.architecture..")
            .layer("text")
            .definedBy(ROOT + ".text..")
            .layer("error")
            .definedBy(ROOT + ".error..")
            .layer("source")
            .definedBy(ROOT + ".source..")
            .layer("config")
            .definedBy(ROOT + ".config..")
            .whereLayer("server")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("bench")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("bench")
            .mayOnlyAccessLayers("registry", "lens", "model", "torch", "checkpoint", "architecture")
            .whereLayer("grpc")
            .mayOnlyAccessLayers("scheduler", "registry", "lens", "model", "checkpoint", "text", "error")
            .whereLayer("scheduler")
            .mayOnlyAccessLayers("registry", "lens", "model", "text", "error")
            .whereLayer("registry")
            .mayOnlyAccessLayers("source", "lens", "model", "torch", "checkpoint", "architecture", "text", "error")
            .whereLayer("lens")
            .mayOnlyAccessLayers("model", "torch", "checkpoint", "architecture", "text", "error")
            .whereLayer("model")
            .mayOnlyAccessLayers("torch", "checkpoint", "architecture", "text", "error")
            .whereLayer("torch")
            .mayOnlyAccessLayers("error")
            .whereLayer("checkpoint")
            .mayOnlyAccessLayers("architecture", "error")
            .whereLayer("architecture")
            .mayOnlyAccessLayers("error")
            .whereLayer("text")
            .mayOnlyAccessLayers("error")
            .whereLayer("config")
            .mayOnlyAccessLayers("registry", "source", "model", "error")
            .whereLayer("source")
            .mayOnlyAccessLayers("error")
            .whereLayer("error")
            .mayNotAccessAnyLayer();

    @ArchTest
    static void onlyTheTopKnowsGrpc(JavaClasses classes) {
        assertEquals(Set.of(ROOT, ROOT + ".grpc"), packagesThatUse("io.grpc", classes));
        assertEquals(Set.of(ROOT + ".grpc"), packagesThatUse("dev.stratalens.v1", classes));
        assertEquals(Set.of(ROOT + ".grpc"), packagesThatUse("com.google.protobuf", classes));
    }

    @ArchTest
    static void onlyTwoPackagesKnowTheNativeLibraries(JavaClasses classes) {
        assertEquals(Set.of(ROOT + ".model.torch"), packagesThatUse("ai.djl.pytorch", classes));
        assertEquals(Set.of(ROOT + ".text"), packagesThatUse("ai.djl.huggingface", classes));
        assertEquals(Set.of(ROOT + ".model.torch", ROOT + ".text"), packagesThatUse("ai.djl", classes));
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
