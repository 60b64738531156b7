package dev.stratalens.report;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/** Arrows between packages point one way. */
class ArchitectureTest {

    private static final JavaClasses MODULE =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.stratalens.report");

    @Test
    void noPackageCycle() {
        slices().matching("(dev.stratalens.report..)").should().beFreeOfCycles().check(MODULE);
    }

    @Test
    void knowsNeitherTheWireNorTheNetwork() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.stratalens.v1", "io.grpc..", "com.google.protobuf"))
                .check(MODULE);
    }
}
