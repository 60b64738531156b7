package dev.stratalens.client;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What users can see mentions the JDK and the public packages only, and what the module uses is what it says. */
class PublicApiTest {

    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.stratalens.client");

    /** The two hooks for those who bring a channel or an interceptor of their own. */
    private static final Set<String> ALLOWED = Set.of(Channel.class.getName(), ClientInterceptor.class.getName());

    /** Records: a range, what is one word or one number, and kinds of operations, directions and numbers: other parts are another kind. */
    private static final Set<String> CANNOT_GROW = Set.of(
            "IndexRange",
            "Text",
            "TokenIds",
            "TokenId",
            "NextToken",
            "FinalTop",
            "ProjectOut",
            "Scale",
            "SetMean",
            "SetVector",
            "SetZero",
            "SkipBlock",
            "Swap",
            "Difference",
            "Vector",
            "KlFromUnchanged",
            "Logit",
            "LogProbability",
            "LogitDifference");

    @Test
    void publicSignaturesNameOnlyTheJdkAndThePublicPackages() {
        List<String> offenses = new ArrayList<>();
        for (JavaClass type : MODULE) {
            if (!isApi(type)) {
                continue;
            }
            Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream())
                    .flatMap(parent -> parent.getAllInvolvedRawTypes().stream())
                    .forEach(seen -> note(offenses, type.getName(), seen));
            type.getMembers().stream()
                    .filter(PublicApiTest::isVisible)
                    .forEach(member -> member.getAllInvolvedRawTypes()
                            .forEach(seen -> note(offenses, member.getFullName(), seen)));
        }
        assertEquals(List.of(), offenses);
    }

    @Test
    void theRuleSeesTheApi() {
        List<String> names = MODULE.stream()
                .filter(PublicApiTest::isApi)
                .map(JavaClass::getSimpleName)
                .toList();
        assertEquals(
                List.of(),
                Stream.of("LensClient", "LensStream", "LensResult", "LensRequest", "LensException")
                        .filter(name -> !names.contains(name))
                        .toList());
    }

    /** A value that may gain a part is made by builders and factories: a constructor, as a record has one, names all parts for ever. */
    @Test
    void whatMayGrowHasNoConstructorOfItsParts() {
        List<String> offenses = new ArrayList<>();
        for (JavaClass type : MODULE) {
            boolean isValue = type.isRecord() || type.getModifiers().contains(JavaModifier.ABSTRACT);
            if (isApi(type) && !type.isInterface() && isValue && !CANNOT_GROW.contains(type.getSimpleName())) {
                type.getConstructors().stream()
                        .filter(PublicApiTest::isVisible)
                        .forEach(constructor -> offenses.add(constructor.getFullName()));
            }
        }
        assertEquals(List.of(), offenses);
    }

    @Test
    void theModuleDependsOnNothingElse() {
        classes()
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java..",
                        "dev.stratalens.client..",
                        "dev.stratalens.v1",
                        "com.google.protobuf",
                        "com.google.rpc",
                        "com.google.auto.value", // while it compiles
                        "com.google.errorprone.annotations",
                        "io.grpc",
                        "io.grpc.stub",
                        "io.grpc.protobuf",
                        "io.grpc.inprocess",
                        "io.grpc.netty.shaded..",
                        "org.jspecify.annotations"))
                .check(MODULE);
    }

    private static boolean isApi(JavaClass type) {
        return isPublic(type.getPackageName()) && type.getModifiers().contains(JavaModifier.PUBLIC);
    }

    private static boolean isPublic(String packageName) {
        return packageName.startsWith("dev.stratalens.client") && !packageName.contains(".internal");
    }

    private static boolean isVisible(JavaMember member) {
        Set<JavaModifier> modifiers = member.getModifiers();
        return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
                && !modifiers.contains(JavaModifier.SYNTHETIC);
    }

    private static void note(List<String> offenses, String where, JavaClass seen) {
        JavaClass element = seen.getBaseComponentType();
        boolean fine = element.isPrimitive()
                || element.getPackageName().startsWith("java.")
                || isPublic(element.getPackageName())
                || ALLOWED.contains(element.getName());
        if (!fine) {
            offenses.add(where + " mentions " + seen.getName());
        }
    }
}
