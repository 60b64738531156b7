package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.runtime.Loop;
import dev.stratalens.engine.text.jinja.runtime.TemplateException;
import dev.stratalens.engine.text.jinja.runtime.Values;
import java.util.ArrayList;
import java.util.List;

/** A loop. */
record ForStatement(List<String> names, Expression list, Expression filter, Statement body, Statement otherwise)
        implements Statement {

    @Override
    public Flow run(Frame frame, StringBuilder out) {
        List<?> elements = kept(frame);
        if (elements.isEmpty()) {
            return otherwise.run(frame.inner(), out);
        }
        Loop loop = new Loop(elements);
        for (Object element : elements) {
            frame.fuel().spend(1);
            loop.next();
            Frame scope = frame.inner();
            scope.set("loop", loop);
            assign(names, element, scope);
            if (body.run(scope, out) == Flow.BREAK) {
                break;
            }
        }
        return Flow.NEXT;
    }

    /** The variable {@code loop} counts only the elements that pass the filter. */
    private List<?> kept(Frame frame) {
        List<Object> kept = new ArrayList<>();
        for (Object element : Values.elements(list.value(frame), frame.fuel())) {
            frame.fuel().spend(1);
            Frame scope = frame.inner();
            assign(names, element, scope);
            if (Values.isTrue(filter.value(scope))) {
                kept.add(element);
            }
        }
        return kept;
    }

    static void assign(List<String> names, Object value, Frame frame) {
        if (names.size() == 1) {
            frame.set(names.get(0), value);
            return;
        }
        List<?> values = Values.elements(value, frame.fuel());
        if (values.size() != names.size()) {
            throw new TemplateException("it assigns %d values to %d names".formatted(values.size(), names.size()));
        }
        for (int i = 0; i < names.size(); i++) {
            frame.set(names.get(i), values.get(i));
        }
    }
}
