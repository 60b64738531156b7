package dev.stratalens.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The command talks to the client SDK; only what starts a server knows one, and nobody knows the wire. Where models come
 * from is no secret: files are fetched and kept on this side, too. The bench has two
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
            .dependOnClassesThat(resideInAPackage("dev.stratalens.server..")
                    .and(not(resideInAnyPackage("dev.stratalens.server.source..", "dev.stratalens.server.error.."))));

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_WIRE = noClasses()
            .that()
            .haveNameNotMatching("dev\\.stratalens\\.cli\\.bench\\.StreamBytes(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.stratalens.v1..", "io.grpc..", "com.google.protobuf..", "ai.djl..");

    private DoorsTest() {}
}
