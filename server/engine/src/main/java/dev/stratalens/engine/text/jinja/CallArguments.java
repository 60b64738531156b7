package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.Lexeme.Kind;
import dev.stratalens.engine.text.jinja.runtime.Arguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call, as written. */
record CallArguments(String name, List<Expression> positional, Map<String, Expression> named) {

    static CallArguments none(String name) {
        return new CallArguments(name, List.of(), Map.of());
    }

    static CallArguments of(String name, Expression only) {
        return new CallArguments(name, List.of(only), Map.of());
    }

    static CallArguments parse(String name, TokenStream tokens, ExpressionParser expressions) {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!positional.isEmpty() || !named.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            if (tokens.current().isOperator("*") || tokens.current().isOperator("**")) {
                throw tokens.failure("arguments with * are not supported");
            }
            if (tokens.current().kind() == Kind.NAME && tokens.following().isOperator("=")) {
                String keyword = tokens.next().text();
                tokens.next();
                named.put(keyword, expressions.expression());
            } else if (named.isEmpty()) {
                positional.add(expressions.expression());
            } else {
                throw tokens.failure("a positional argument follows a named one");
            }
        }
        return new CallArguments(name, positional, named);
    }

    Arguments evaluate(Frame frame) {
        Map<String, Object> values = new LinkedHashMap<>();
        List<Object> places = OperandParser.all(positional, frame);
        named.forEach((keyword, expression) -> values.put(keyword, expression.value(frame)));
        return new Arguments(name, places, values);
    }
}
