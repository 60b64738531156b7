package dev.stratalens.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The command talks to the client SDK; only what starts a server knows one, and nobody knows the wire. Where models come
 * from is no secret: files are fetched and kept on this side, too. So are the devices of this machine.
 */
@AnalyzeClasses(packages = "dev.stratalens.cli", importOptions = DoNotIncludeTests.class)
final class DoorsTest {

    // Files of keys are made here and read by servers; lines of the log are written here as the server makes them.
    // Files of fitted lenses are read here, without a model, and headers of a checkpoint that is inspected.
    // A hidden command records the engine's programs.
    @ArchTest
    static final ArchRule ONLY_WHAT_STARTS_A_SERVER_KNOWS_IT = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("LocalServer")
            .and()
            .haveSimpleNameNotStartingWith("Serve")
            .and()
            .haveSimpleNameNotStartingWith("ExportPrograms")
            .and()
            .doNotHaveSimpleName("ModelContents")
            .and()
            .resideOutsideOfPackage("dev.stratalens.cli.lenses")
            .should()
            .dependOnClassesThat(resideInAnyPackage("dev.stratalens.server..", "dev.stratalens.engine..")
                    .and(not(resideInAnyPackage(
                            "dev.stratalens.server.hub..",
                            "dev.stratalens.server.access",
                            "dev.stratalens.server.access.proof",
                            "dev.stratalens.server.watch..",
                            "dev.stratalens.server.error..",
                            "dev.stratalens.engine.device..",
                            "dev.stratalens.engine.error.."))));

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_WIRE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.stratalens.v1..", "io.grpc..", "com.google.protobuf..", "ai.djl..");

    @ArchTest
    static final ArchRule NO_PACKAGE_CYCLE =
            slices().matching("(dev.stratalens.cli..)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONLY_TABLES_KNOW_PARQUET = noClasses()
            .that()
            .resideOutsideOfPackages("dev.stratalens.cli.parquet", "dev.stratalens.cli.table")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.parquet..", "org.apache.hadoop..");

    private DoorsTest() {}
}
