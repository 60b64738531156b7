package dev.stratalens.bench;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;

/** Arrows between packages point one way. */
class ArchitectureTest {

    @Test
    void noPackageCycle() {
        slices().matching("(dev.stratalens.bench..)")
                .should()
                .beFreeOfCycles()
                .check(new ClassFileImporter()
                        .withImportOption(new DoNotIncludeTests())
                        .importPackages("dev.stratalens.bench"));
    }
}
