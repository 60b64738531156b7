package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.Lexeme.Kind;
import dev.stratalens.engine.text.jinja.runtime.Access;
import dev.stratalens.engine.text.jinja.runtime.Arithmetic;
import dev.stratalens.engine.text.jinja.runtime.Callable;
import dev.stratalens.engine.text.jinja.runtime.Filters;
import dev.stratalens.engine.text.jinja.runtime.Nothing;
import dev.stratalens.engine.text.jinja.runtime.Sequence;
import dev.stratalens.engine.text.jinja.runtime.TemplateException;
import dev.stratalens.engine.text.jinja.runtime.Tests;
import dev.stratalens.engine.text.jinja.runtime.Undefined;
import dev.stratalens.engine.text.jinja.runtime.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses operands: names, literals and brackets, followed by attributes, calls, filters and tests. */
record OperandParser(TokenStream tokens, ExpressionParser expressions) {

    /** An operand with the filters and tests on it. */
    Expression filtered() {
        Expression value = signed();
        while (true) {
            if (tokens.skipOperator("|")) {
                value = filter(value);
            } else if (tokens.skipName("is")) {
                value = test(value);
            } else if (tokens.current().isOperator("(")) {
                value = call(value);
            } else {
                return value;
            }
        }
    }

    private Expression signed() {
        tokens.enter();
        Expression value;
        if (tokens.skipOperator("-")) {
            Expression negated = signed();
            value = frame -> Arithmetic.negate(negated.value(frame));
        } else if (tokens.skipOperator("+")) {
            value = signed();
        } else {
            value = primary();
        }
        value = postfix(value);
        tokens.leave();
        return value;
    }

    private Expression primary() {
        Lexeme token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token.text());
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.current().kind() == Kind.STRING) {
                    text.append(tokens.next().text());
                }
                yield constant(text.toString());
            }
            case INTEGER -> constant(integer(token));
            case FLOAT -> constant(Double.parseDouble(token.text().replace("_", "")));
            case OPERATOR -> bracket(token);
            default -> throw tokens.failure("'%s' is not expected".formatted(token));
        };
    }

    private long integer(Lexeme token) {
        try {
            return Long.parseLong(token.text().replace("_", ""));
        } catch (NumberFormatException e) {
            throw tokens.failure("the number %s is too large".formatted(token));
        }
    }

    private static Expression constant(Object value) {
        return frame -> value;
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> constant(true);
            case "false", "False" -> constant(false);
            case "none", "None" -> constant(Nothing.NONE);
            default ->
                frame -> {
                    frame.fuel().spend(1);
                    return frame.get(name);
                };
        };
    }

    private Expression bracket(Lexeme token) {
        switch (token.text()) {
            case "(" -> {
                Expression inner = tokens.current().isOperator(")")
                        ? constant(Sequence.tuple(List.of()))
                        : expressions.tupleOrOne();
                tokens.expectOperator(")");
                return inner;
            }
            case "[" -> {
                List<Expression> elements = new ArrayList<>();
                while (!tokens.skipOperator("]")) {
                    separate(elements.isEmpty());
                    if (!tokens.current().isOperator("]")) {
                        elements.add(expressions.expression());
                    }
                }
                return frame -> Sequence.list(all(elements, frame));
            }
            case "{" -> {
                return dictionary();
            }
            default -> throw tokens.failure("'%s' is not expected".formatted(token));
        }
    }

    private Expression dictionary() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            separate(keys.isEmpty());
            if (!tokens.current().isOperator("}")) {
                keys.add(expressions.expression());
                tokens.expectOperator(":");
                values.add(expressions.expression());
            }
        }
        return frame -> {
            frame.fuel().make(8L * keys.size());
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                map.put(Values.key(keys.get(i).value(frame)), values.get(i).value(frame));
            }
            return map;
        };
    }

    private void separate(boolean first) {
        if (!first) {
            tokens.expectOperator(",");
        }
    }

    static List<Object> all(List<Expression> expressions, Frame frame) {
        frame.fuel().make(8L * expressions.size());
        List<Object> values = new ArrayList<>(expressions.size());
        expressions.forEach(expression -> values.add(expression.value(frame)));
        return values;
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            Expression owner = value;
            if (tokens.skipOperator(".")) {
                Lexeme name = tokens.next();
                if (name.kind() == Kind.INTEGER) {
                    long index = integer(name);
                    value = frame -> Access.item(owner.value(frame), index, frame.fuel());
                } else if (name.kind() == Kind.NAME) {
                    value = frame -> Access.attribute(owner.value(frame), name.text());
                } else {
                    throw tokens.failure("'%s' is not an attribute".formatted(name));
                }
            } else if (tokens.skipOperator("[")) {
                value = subscript(owner);
            } else if (tokens.current().isOperator("(")) {
                value = call(owner);
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression owner) {
        Expression first = tokens.current().isOperator(":") ? constant(Nothing.NONE) : expressions.expression();
        if (tokens.skipOperator("]")) {
            return frame -> Access.item(owner.value(frame), first.value(frame), frame.fuel());
        }
        tokens.expectOperator(":");
        Expression end = bound();
        Expression step = tokens.skipOperator(":") ? bound() : constant(Nothing.NONE);
        tokens.expectOperator("]");
        return frame ->
                Access.slice(owner.value(frame), first.value(frame), end.value(frame), step.value(frame), frame.fuel());
    }

    private Expression bound() {
        return tokens.current().isOperator(":") || tokens.current().isOperator("]")
                ? constant(Nothing.NONE)
                : expressions.expression();
    }

    private Expression call(Expression owner) {
        CallArguments arguments = CallArguments.parse("the function", tokens, expressions);
        return frame -> {
            Object function = owner.value(frame);
            if (function instanceof Undefined undefined) {
                throw undefined.failure();
            }
            if (function instanceof Callable callable) {
                return callable.call(arguments.evaluate(frame), frame.fuel());
            }
            throw new TemplateException("it calls " + Values.typeName(function));
        };
    }

    /** A filter's name and arguments, with the value that it is applied to. */
    Expression filter(Expression value) {
        String name = tokens.expect(Kind.NAME).text();
        CallArguments arguments = tokens.current().isOperator("(")
                ? CallArguments.parse(name, tokens, expressions)
                : CallArguments.none(name);
        return frame -> Filters.apply(name, value.value(frame), arguments.evaluate(frame), frame.fuel());
    }

    private Expression test(Expression value) {
        boolean negated = tokens.skipName("not");
        String name = tokens.expect(Kind.NAME).text();
        CallArguments arguments;
        if (tokens.current().isOperator("(")) {
            arguments = CallArguments.parse(name, tokens, expressions);
        } else if (startsTestArgument()) {
            arguments = CallArguments.of(name, postfix(primary()));
        } else {
            arguments = CallArguments.none(name);
        }
        return frame -> Tests.holds(name, value.value(frame), arguments.evaluate(frame), frame.fuel()) != negated;
    }

    private boolean startsTestArgument() {
        Lexeme token = tokens.current();
        return switch (token.kind()) {
            case NAME -> !Set.of("else", "or", "and", "is", "if", "not", "in").contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            default -> token.isOperator("[") || token.isOperator("{");
        };
    }
}
