package dev.stratalens.engine;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.stratalens.engine.rule.PackageRules;
import java.util.Set;

/**
 * The dependency rule: packages depend only on packages below them, and only some packages use each foreign library.
 */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

    static final String ROOT = "dev.stratalens.engine";

    @ArchTest
    static final ArchRule NO_PACKAGE_CYCLE = PackageRules.noCycleIn(ROOT);

    // A layer without classes fails the rule, so the rule cannot hold trivially.
    @ArchTest
    static final ArchRule ARROWS_POINT_DOWNWARDS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
            .ensureAllClassesAreContainedInArchitecture()
            .layer("lens")
            .definedBy(ROOT + ".lens..")
            .layer("model")
            .definedBy(ROOT + ".model..")
            .layer("device")
            .definedBy(ROOT + ".device..")
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
            .mayOnlyAccessLayers("model", "device", "tensor", "checkpoint", "architecture", "text", "error")
            .whereLayer("model")
            .mayOnlyAccessLayers("device", "tensor", "checkpoint", "architecture", "text", "error")
            .whereLayer("device")
            .mayOnlyAccessLayers("tensor", "error")
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
        assertEquals(Set.of(), PackageRules.packagesThatUse("io.grpc", classes));
        assertEquals(Set.of(), PackageRules.packagesThatUse("com.google.protobuf", classes));
    }

    @ArchTest
    static void onlyTwoPackagesKnowTheNativeLibraries(JavaClasses classes) {
        assertEquals(Set.of(ROOT + ".tensor"), PackageRules.packagesThatUse("ai.djl.pytorch", classes));
        assertEquals(Set.of(ROOT + ".text"), PackageRules.packagesThatUse("ai.djl.huggingface", classes));
        assertEquals(Set.of(ROOT + ".tensor", ROOT + ".text"), PackageRules.packagesThatUse("ai.djl", classes));
    }

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        assertEquals(Set.of(), PackageRules.unmarked(classes));
    }
}
