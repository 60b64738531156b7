package dev.stratalens.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The command talks to the client SDK; only what starts a server knows one, and nobody knows the wire. The bench has two
 * doors of its own: to the model in this process, and to the sizes of messages.
 */
@AnalyzeClasses(packages = "dev.stratalens.cli", importOptions = DoNotIncludeTests.class)
final class DoorsTest {

    @ArchTest
    static final ArchRule ONLY_WHAT_STARTS_A_SERVER_KNOWS_IT = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("LocalServer")
            .and()
            .haveSimpleNameNotStartingWith("Serve")
            .and()
            .haveNameNotMatching("dev\\.stratalens\\.cli\\.bench\\.InProcessModel(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.stratalens.server..");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_WIRE = noClasses()
            .that()
            .haveNameNotMatching("dev\\.stratalens\\.cli\\.bench\\.StreamBytes(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.stratalens.v1..", "io.grpc..", "com.google.protobuf..", "ai.djl..");

    private DoorsTest() {}
}
