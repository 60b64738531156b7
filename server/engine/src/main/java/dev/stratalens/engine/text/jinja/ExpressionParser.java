package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.Lexeme.Kind;
import dev.stratalens.engine.text.jinja.runtime.Arithmetic;
import dev.stratalens.engine.text.jinja.runtime.Sequence;
import dev.stratalens.engine.text.jinja.runtime.Undefined;
import dev.stratalens.engine.text.jinja.runtime.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Parses expressions, with Jinja's precedence. */
final class ExpressionParser {

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenStream tokens;
    private final OperandParser operands;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
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
        return frame -> Sequence.tuple(OperandParser.all(elements, frame));
    }

    private boolean startsExpression() {
        Lexeme token = tokens.current();
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
        return decided("or", true, () -> decided("and", false, this::not));
    }

    /** Operands of and/or: the value is the first one of this truth, else the last. */
    private Expression decided(String word, boolean truth, Supplier<Expression> operand) {
        Expression left = operand.get();
        while (tokens.skipName(word)) {
            Expression first = left;
            Expression second = operand.get();
            left = frame -> {
                Object value = first.value(frame);
                return Values.isTrue(value) == truth ? value : second.value(frame);
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
        for (Optional<String> next = comparing(); next.isPresent(); next = comparing()) {
            chain.add(new Comparison(next.get(), sum()));
        }
        return chain.isEmpty() ? first : frame -> compare(first, chain, frame);
    }

    /** Reads a comparison operator, if there is one. */
    private Optional<String> comparing() {
        Lexeme token = tokens.current();
        if (token.isName("not") && tokens.following().isName("in")) {
            tokens.next();
            tokens.next();
            return Optional.of("not in");
        }
        boolean compares = token.isName("in") || (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text()));
        return compares ? Optional.of(tokens.next().text()) : Optional.empty();
    }

    private static boolean compare(Expression first, List<Comparison> chain, Frame frame) {
        Object left = first.value(frame);
        for (Comparison comparison : chain) {
            Object right = comparison.right().value(frame);
            if (!Values.holds(comparison.operator(), left, right, frame.fuel())) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Expression sum() {
        return binary(Set.of("+", "-"), () -> binary(Set.of("~"), this::product));
    }

    private Expression product() {
        return binary(Set.of("*", "/", "//", "%"), () -> binary(Set.of("**"), operands::filtered));
    }

    private Expression binary(Set<String> operators, Supplier<Expression> operand) {
        Expression left = operand.get();
        while (tokens.current().kind() == Kind.OPERATOR
                && operators.contains(tokens.current().text())) {
            String operator = tokens.next().text();
            Expression first = left;
            Expression second = operand.get();
            left = frame -> Arithmetic.apply(operator, first.value(frame), second.value(frame), frame.fuel());
        }
        return left;
    }

    /** Reads a filter's name and arguments, and applies it to a value. */
    Expression filter(Expression value) {
        return operands.filter(value);
    }
}
