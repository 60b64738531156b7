package dev.stratalens.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Arrows between packages point one way, and a name means one class in the whole product: every module is on this class path. */
@AnalyzeClasses(packages = "dev.stratalens", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final String GENERATED = "dev.stratalens.v1";

    /** Names that two modules may use, each with the reason. */
    private static final Map<String, String> NAMES_OF_TWO = namesOfTwo();

    @ArchTest
    static final ArchRule NO_PACKAGE_CYCLE =
            slices().matching("(dev.stratalens.cli..)").should().beFreeOfCycles();

    @ArchTest
    static void aNameMeansOneClass(JavaClasses classes) {
        Map<String, Set<String>> packages = classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(Predicate.not(javaClass -> javaClass.getPackageName().equals(GENERATED)))
                .filter(Predicate.not(javaClass -> javaClass.getSimpleName().equals("package-info")))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName,
                        TreeMap::new,
                        Collectors.mapping(JavaClass::getPackageName, Collectors.toCollection(TreeSet::new))));
        packages.values().removeIf(places -> places.size() == 1);

        assertEquals(NAMES_OF_TWO.keySet(), packages.keySet(), packages::toString);
    }

    private static Map<String, String> namesOfTwo() {
        Map<String, String> names = new TreeMap<>();
        for (String word : Set.of("Lens", "ReadPoint", "Site", "Statistic")) {
            names.put(word, "the same word of the vocabulary, as asked for and as computed");
        }
        for (String name : Set.of("ChatMessage", "IndexRange")) {
            names.put(name, "part of a request, as sent by the client and as checked by the engine");
        }
        for (String name : Set.of("Placement", "SelfCheck")) {
            names.put(name, "part of an answer, as computed by the engine and as read by the client");
        }
        return names;
    }
}
