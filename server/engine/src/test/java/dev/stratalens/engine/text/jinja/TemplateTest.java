package dev.stratalens.engine.text.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.ToNumberPolicy;
import com.google.gson.reflect.TypeToken;
import dev.stratalens.engine.text.jinja.runtime.TemplateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

    private static final Path DIRECTORY = Path.of("src/test/resources/chat-templates");
    private static final Gson GSON = new GsonBuilder()
            .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
            .create();

    /** When the cases were recorded. */
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 5, 14, 7, 9);

    /** The output of transformers for a template; see generate.py beside the file. One of output and error is null. */
    private record Case(String template, Map<String, Object> variables, String output, String error) {}

    @Test
    void everyTemplateGivesWhatTransformersGivesOrIsRefusedWhereItRefuses() throws IOException {
        List<Case> cases = GSON.fromJson(
                Files.readString(DIRECTORY.resolve("cases.json")), new TypeToken<List<Case>>() {}.getType());
        assertTrue(cases.size() > 500);
        List<String> differences = new ArrayList<>();
        for (Case expected : cases) {
            String found;
            try {
                found = "output " + Template.parse(expected.template()).render(expected.variables(), NOW);
            } catch (TemplateException e) {
                found = expected.error() != null ? "error" : "refused: " + e.getMessage();
            }
            String wanted = expected.error() != null ? "error" : "output " + expected.output();
            if (!found.equals(wanted)) {
                differences.add("%s%n  wanted %s %s%n  found %s"
                        .formatted(expected.template(), wanted, expected.error(), found));
            }
        }
        assertEquals(List.of(), differences, () -> String.join("\n", differences));
    }

    @Test
    void whatIsNotSupportedIsRefusedRatherThanRenderedWrongly() throws IOException {
        for (String template : GSON.fromJson(Files.readString(DIRECTORY.resolve("refused.json")), String[].class)) {
            assertThrows(TemplateException.class, () -> render(template), template);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "a{{ x | nosuch }}#the filter 'nosuch' is not supported",
                "{{ 1 is nosuch }}#the test 'nosuch' is not supported",
                "{% include 'x' %}#line 1: the statement 'include' is not supported",
                "{{ raise_exception('Only users') }}#it refuses these messages: Only users",
                "{{ x.y }}#'x' is undefined",
                "{% if true %}#line 1: 'elif' or 'else' or 'endif' is missing",
                "{{ 'a'.encode() }}#'encode' of a text is undefined",
            })
    void aRefusalNamesTheConstruct(String template, String message) {
        assertEquals(
                message,
                assertThrows(TemplateException.class, () -> render(template)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}",
                "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
                "{% set ns = namespace(x='a') %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x='a') %}{% for i in range(100) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
                "{% set ns = namespace(x='a') %}{% for i in range(100) %}{% set ns.x = ns.x.replace('a', 'aa') %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
                "{% set ns = namespace(x=[1]) %}{% for i in range(90) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}",
                "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(90) %}{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
                "{% set ns = namespace(x=[]) %}{% for i in range(90000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
                "{{ 'a' * 1000000000 }}",
                "{{ [0] * 1000000000 }}",
                "{{ 'a' * 9223372036854775807 }}",
                "{{ range(1000000000) }}",
                "{{ range(0, 9223372036854775807) | list }}",
                "{{ 'a' | indent(1000000000) | indent(1000000000) * 100000 }}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
                "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns.x }}",
                "{{ messages.__class__.__mro__ }}",
                "{{ ''.getClass().forName('java.lang.Runtime') }}",
                "{{ [].append(1) }}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ 2 ** 100000000000 }}",
                "{{ ('a' * 100000).split('') }}",
                "{% set s = 'a' * 6000000 %}{% set t = 'a' * 3000000 ~ 'b' %}{% if t in s %}x{% endif %}",
                "{% set s = 'a' * 6000000 %}{% set t = 'a' * 3000000 ~ 'b' %}{{ s.find(t) }}",
                "{% set s = 'a' * 6000000 %}{% set t = 'a' * 3000000 ~ 'b' %}{{ s.count(t) }}",
                "{% set s = 'a' * 6000000 %}{% set t = 'a' * 3000000 ~ 'b' %}{{ s.replace(t, '') | length }}",
                "{% set s = 'a' * 6000000 %}{% set t = 'a' * 3000000 ~ 'b' %}{{ s.split(t) | length }}",
                "{% set s = 'a' * 6000000 %}{% set t = 'a' * 3000000 ~ 'b' %}{{ s.rfind(t) }}",
                "{% set s = 'a' * 6000000 %}{% set t = 'a' * 3000000 ~ 'b' %}{{ s.rsplit(t, 2) | length }}",
                "{% set s = 'a' * 9000000 %}{% for i in range(100000) %}{% if s | upper | length %}{% endif %}{% endfor %}",
                "{% set s = '1' * 9000000 %}{% for i in range(100000) %}{% if s | float %}{% endif %}{% endfor %}",
                "{% set s = 'a' * 9000000 %}{% for i in range(100000) %}{% if s.startswith((s ~ 'b', s ~ 'c')) %}{% endif %}{% endfor %}",
                "{% set s = '<' * 9000000 %}{% for i in range(9) %}{% set s = s | escape %}{% endfor %}{{ s | escape | escape | escape }}"
            })
    void aHostileTemplateIsStopped(String template) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertThrows(TemplateException.class, () -> render(template)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ('a' * 6000000).strip('b' * 3000000 ~ 'a') }}",
                "{{ (('a' * 3000000) ~ (',' * 300000)).rsplit(',', 300000) | length }}"
            })
    void whatLooksCostlyIsDoneAtOnce(String template) {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> render(template));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[",
                "{",
                "not ",
                "-",
                "a.b",
                "1+",
                "a|trim",
                "a if b else ",
                "{% if 1 %}",
                "{{",
                "'",
                "\\\\",
                "{%"
            })
    void aDeeplyNestedTemplateIsStopped(String unit) {
        for (String template : List.of(
                unit.repeat(100_000), "{{ " + unit.repeat(100_000) + " }}", "{{ '" + unit.repeat(100_000) + "' }}")) {
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
                try {
                    render(template);
                } catch (TemplateException e) {
                    assertTrue(e.toString().length() < 1000);
                }
            });
        }
    }

    @Test
    void damagedTemplatesAreRefusedOrRendered() throws IOException {
        Random random = new Random(5);
        for (int round = 0; round < 2000; round++) {
            String name = List.of("chatml", "headers", "turns", "instructions", "thinking", "blocks")
                    .get(round % 6);
            StringBuilder source =
                    new StringBuilder(Files.readString(DIRECTORY.resolve("templates/" + name + ".jinja")));
            for (int i = 0; i < 3; i++) {
                int place = random.nextInt(source.length());
                source.replace(
                        place,
                        place + random.nextInt(4),
                        "{}%[]()'|.-+ =".substring(random.nextInt(14)).substring(0, 1));
            }
            try {
                render(source.toString());
            } catch (TemplateException e) {
                assertTrue(e.toString().length() > 60);
            }
        }
    }

    private static String render(String template) {
        return Template.parse(template)
                .render(
                        Map.of(
                                "messages",
                                List.of(Map.of("role", "user", "content", "Hi")),
                                "add_generation_prompt",
                                true),
                        NOW);
    }
}
