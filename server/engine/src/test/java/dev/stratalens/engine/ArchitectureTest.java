package dev.stratalens.engine;

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

/** The dependency rule: arrows between packages point downwards only, and each foreign library has its doors. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

    static final String ROOT = "dev.stratalens.engine";

    @ArchTest
    static final ArchRule NO_PACKAGE_CYCLE =
            slices().matching("(dev.stratalens.engine..)").should().beFreeOfCycles();

    // A layer without classes fails the rule, so it cannot hold of nothing.
    @ArchTest
    static final ArchRule ARROWS_POINT_DOWNWARDS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
            .ensureAllClassesAreContainedInArchitecture()
            .layer("lens")
            .definedBy(ROOT + ".lens..")
            .layer("model")
            .definedBy(ROOT + ".model..")
            .layer("tensor")
            .definedBy(ROOT + ".tensor..")
            .layer("architecture")
            .definedBy(ROOT + ".architecture..")
            .layer("checkpoint")
            .definedBy(ROOT + ".checkpoint..")
            .layer("text")
            .definedBy(ROOT + ".text..")
            .layer("error")
            .definedBy(ROOT + ".error..")
            .whereLayer("lens")
            .mayOnlyAccessLayers("model", "tensor", "checkpoint", "architecture", "text", "error")
            .whereLayer("model")
            .mayOnlyAccessLayers("tensor", "checkpoint", "architecture", "text", "error")
            .whereLayer("tensor")
            .mayOnlyAccessLayers("error")
            .whereLayer("architecture")
            .mayOnlyAccessLayers("checkpoint", "error")
            .whereLayer("checkpoint")
            .mayOnlyAccessLayers("text", "error")
            .whereLayer("text")
            .mayOnlyAccessLayers("error")
            .whereLayer("error")
            .mayNotAccessAnyLayer();

    @ArchTest
    static void nothingKnowsGrpc(JavaClasses classes) {
        assertEquals(Set.of(), packagesThatUse("io.grpc", classes));
        assertEquals(Set.of(), packagesThatUse("com.google.protobuf", classes));
    }

    @ArchTest
    static void onlyTwoPackagesKnowTheNativeLibraries(JavaClasses classes) {
        assertEquals(Set.of(ROOT + ".tensor"), packagesThatUse("ai.djl.pytorch", classes));
        assertEquals(Set.of(ROOT + ".text"), packagesThatUse("ai.djl.huggingface", classes));
        assertEquals(Set.of(ROOT + ".tensor", ROOT + ".text"), packagesThatUse("ai.djl", classes));
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
