package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.runtime.Fuel;
import dev.stratalens.engine.text.jinja.runtime.Functions;
import dev.stratalens.engine.text.jinja.runtime.Nothing;
import dev.stratalens.engine.text.jinja.runtime.Sequence;
import dev.stratalens.engine.text.jinja.runtime.TemplateException;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed template. Immutable and thread-safe. */
public final class Template {

    private static final int MAXIMUM_LENGTH = 1_000_000;

    private final Statement program;

    private Template(Statement program) {
        this.program = program;
    }

    /**
     * Parses a template.
     *
     * @throws TemplateException with the line and the unknown construct
     */
    public static Template parse(String source) {
        if (source.length() > MAXIMUM_LENGTH) {
            throw new TemplateException("it has more than %,d characters".formatted(MAXIMUM_LENGTH));
        }
        try {
            return new Template(StatementParser.parse(source));
        } catch (StackOverflowError e) {
            throw tooDeep();
        }
    }

    /**
     * Renders the template, in bounded time and memory.
     *
     * @param variables variables by name: texts, numbers, booleans, null, and lists and maps of these
     * @param now the current time for the template
     * @throws TemplateException if it cannot be rendered, refuses the variables, or takes too many steps
     */
    public String render(Map<String, ?> variables, LocalDateTime now) {
        Map<String, Object> all = new HashMap<>(Functions.all(now));
        variables.forEach((name, value) -> all.put(name, value(value)));
        StringBuilder out = new StringBuilder();
        try {
            program.run(Frame.outermost(all, new Fuel()), out);
        } catch (StackOverflowError e) {
            throw tooDeep();
        }
        return out.toString();
    }

    /** Long chains of operators nest as deep as they are long. A rendering that is cut off has no effect outside. */
    private static TemplateException tooDeep() {
        return new TemplateException("it is nested too deeply");
    }

    private static Object value(@Nullable Object given) {
        if (given == null) {
            return Nothing.NONE;
        }
        if (given instanceof Integer number) {
            return number.longValue();
        }
        if (given instanceof List<?> list) {
            return Sequence.list(list.stream().map(Template::value).toList());
        }
        if (given instanceof Map<?, ?> map) {
            Map<String, Object> values = new LinkedHashMap<>();
            map.forEach((key, value) -> values.put((String) key, value(value)));
            return values;
        }
        if (given instanceof String || given instanceof Boolean || given instanceof Long || given instanceof Double) {
            return given;
        }
        throw new IllegalArgumentException("no value of a template: " + given.getClass());
    }
}
