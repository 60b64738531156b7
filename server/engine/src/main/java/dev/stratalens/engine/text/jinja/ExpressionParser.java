package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.Token.Kind;
import dev.stratalens.engine.text.jinja.runtime.Access;
import dev.stratalens.engine.text.jinja.runtime.Arithmetic;
import dev.stratalens.engine.text.jinja.runtime.Callable;
import dev.stratalens.engine.text.jinja.runtime.Filters;
import dev.stratalens.engine.text.jinja.runtime.Fuel;
import dev.stratalens.engine.text.jinja.runtime.Nothing;
import dev.stratalens.engine.text.jinja.runtime.PythonText;
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

/** Expressions, with Jinja's precedence. */
final class ExpressionParser {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream tokens;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** An expression, or several with commas between, which make a tuple. */
    Expression tupleOrOne() {
        Expression first = expression();
        if (!tokens.current().isOperator(",")) {
            return first;
        }
        List<Expression> elements = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && startsExpression()) {
            elements.add(expression());
        }
        return frame -> Sequence.tuple(all(elements, frame));
    }

    private boolean startsExpression() {
        Token token = tokens.current();
        return token.kind() != Kind.VARIABLE_END
                && token.kind() != Kind.BLOCK_END
                && !token.isOperator(")")
                && !token.isOperator("=");
    }

    Expression expression() {
        tokens.enter();
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression chosen = value;
            Expression condition = or();
            Expression otherwise = tokens.skipName("else") ? expression() : frame -> new Undefined("the other case");
            value = frame -> Values.isTrue(condition.value(frame)) ? chosen.value(frame) : otherwise.value(frame);
        }
        tokens.leave();
        return value;
    }

    /** An expression without {@code if}, for the list of a loop. */
    Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            Expression first = left;
            Expression second = and();
            left = frame -> {
                Object value = first.value(frame);
                return Values.isTrue(value) ? value : second.value(frame);
            };
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            Expression first = left;
            Expression second = not();
            left = frame -> {
                Object value = first.value(frame);
                return Values.isTrue(value) ? second.value(frame) : value;
            };
        }
        return left;
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.enter();
        Expression negated = not();
        tokens.leave();
        return frame -> !Values.isTrue(negated.value(frame));
    }

    private record Comparison(String operator, Expression right) {}

    private Expression comparison() {
        Expression first = sum();
        List<Comparison> chain = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                tokens.next();
                chain.add(new Comparison(token.text(), sum()));
            } else if (tokens.skipName("in")) {
                chain.add(new Comparison("in", sum()));
            } else if (token.isName("not") && tokens.following().isName("in")) {
                tokens.next();
                tokens.next();
                chain.add(new Comparison("not in", sum()));
            } else {
                return chain.isEmpty() ? first : frame -> compare(first, chain, frame);
            }
        }
    }

    private static boolean compare(Expression first, List<Comparison> chain, Frame frame) {
        Object left = first.value(frame);
        for (Comparison comparison : chain) {
            Object right = comparison.right().value(frame);
            if (!holds(comparison.operator(), left, right, frame.fuel())) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private static boolean holds(String operator, Object left, Object right, Fuel fuel) {
        return switch (operator) {
            case "==" -> Values.equal(left, right, fuel);
            case "!=" -> !Values.equal(left, right, fuel);
            case "<" -> Values.compare(left, right, fuel) < 0;
            case "<=" -> Values.compare(left, right, fuel) <= 0;
            case ">" -> Values.compare(left, right, fuel) > 0;
            case ">=" -> Values.compare(left, right, fuel) >= 0;
            case "in" -> Values.contains(right, left, fuel);
            default -> !Values.contains(right, left, fuel);
        };
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
            left = binary(tokens.next().text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (tokens.skipOperator("~")) {
            Expression first = left;
            Expression second = product();
            left = frame -> frame.fuel()
                    .made(PythonText.of(first.value(frame), frame.fuel())
                            + PythonText.of(second.value(frame), frame.fuel()));
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (tokens.current().kind() == Kind.OPERATOR
                && Set.of("*", "/", "//", "%").contains(tokens.current().text())) {
            left = binary(tokens.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.skipOperator("**")) {
            left = binary("**", left, unary(true));
        }
        return left;
    }

    private static Expression binary(String operator, Expression left, Expression right) {
        return frame -> Arithmetic.apply(operator, left.value(frame), right.value(frame), frame.fuel());
    }

    private Expression unary(boolean withFilters) {
        tokens.enter();
        Expression value;
        if (tokens.skipOperator("-")) {
            Expression negated = unary(false);
            value = frame -> Arithmetic.negate(negated.value(frame));
        } else if (tokens.skipOperator("+")) {
            value = unary(false);
        } else {
            value = primary();
        }
        value = postfix(value);
        tokens.leave();
        return withFilters ? filtered(value) : value;
    }

    private Expression primary() {
        Token token = tokens.next();
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

    private long integer(Token token) {
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

    private Expression bracket(Token token) {
        switch (token.text()) {
            case "(" -> {
                Expression inner =
                        tokens.current().isOperator(")") ? constant(Sequence.tuple(List.of())) : tupleOrOne();
                tokens.expectOperator(")");
                return inner;
            }
            case "[" -> {
                List<Expression> elements = new ArrayList<>();
                while (!tokens.skipOperator("]")) {
                    separate(elements.isEmpty());
                    if (!tokens.current().isOperator("]")) {
                        elements.add(expression());
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
                keys.add(expression());
                tokens.expectOperator(":");
                values.add(expression());
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
                Token name = tokens.next();
                if (name.kind() == Kind.INTEGER) {
                    long index = integer(name);
                    value = frame -> Access.item(owner.value(frame), index, frame.fuel());
                } else if (name.kind() == Kind.NAME) {
                    value = frame -> Access.attribute(owner.value(frame), name.text());
                } else {
                    throw tokens.failure("'%s' is no attribute".formatted(name));
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
        Expression first = tokens.current().isOperator(":") ? constant(Nothing.NONE) : expression();
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
                : expression();
    }

    private Expression call(Expression owner) {
        CallArguments arguments = CallArguments.parse("the function", tokens, this);
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

    private Expression filtered(Expression start) {
        Expression value = start;
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

    /** A filter's name and arguments, with the value that it is applied to. */
    Expression filter(Expression value) {
        String name = tokens.expect(Kind.NAME).text();
        CallArguments arguments =
                tokens.current().isOperator("(") ? CallArguments.parse(name, tokens, this) : CallArguments.none(name);
        return frame -> Filters.apply(name, value.value(frame), arguments.evaluate(frame), frame.fuel());
    }

    private Expression test(Expression value) {
        boolean negated = tokens.skipName("not");
        String name = tokens.expect(Kind.NAME).text();
        CallArguments arguments;
        if (tokens.current().isOperator("(")) {
            arguments = CallArguments.parse(name, tokens, this);
        } else if (startsTestArgument()) {
            arguments = CallArguments.of(name, postfix(primary()));
        } else {
            arguments = CallArguments.none(name);
        }
        return frame -> Tests.holds(name, value.value(frame), arguments.evaluate(frame), frame.fuel()) != negated;
    }

    private boolean startsTestArgument() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> !Set.of("else", "or", "and", "is", "if", "not", "in").contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            default -> token.isOperator("[") || token.isOperator("{");
        };
    }
}
