package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.runtime.Arguments;
import dev.stratalens.engine.text.jinja.runtime.Callable;
import dev.stratalens.engine.text.jinja.runtime.Fuel;
import java.util.List;

/** A macro, which can use the variables around its definition. */
record Macro(String name, List<Parameter> parameters, Statement body, Frame around) implements Callable {

    record Parameter(String name, Expression otherwise) {}

    @Override
    public Object call(Arguments arguments, Fuel fuel) {
        arguments.atMost(
                parameters.size(), parameters.stream().map(Parameter::name).toArray(String[]::new));
        fuel.enter();
        Frame scope = around.inner();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            scope.set(
                    parameter.name(),
                    arguments
                            .find(i, parameter.name())
                            .orElseGet(() -> parameter.otherwise().value(scope)));
        }
        String text = Statement.capture(body, scope);
        fuel.leave();
        return text;
    }
}
