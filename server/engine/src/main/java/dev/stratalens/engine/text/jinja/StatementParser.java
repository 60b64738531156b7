package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.Lexeme.Kind;
import dev.stratalens.engine.text.jinja.Statement.Flow;
import dev.stratalens.engine.text.jinja.runtime.Namespace;
import dev.stratalens.engine.text.jinja.runtime.TemplateException;
import dev.stratalens.engine.text.jinja.runtime.Undefined;
import dev.stratalens.engine.text.jinja.runtime.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Statements. */
final class StatementParser {

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int loops;

    private StatementParser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    static Statement parse(String source) {
        TokenStream tokens = new TokenStream(Lexer.tokens(source));
        return new StatementParser(tokens).body(Set.of());
    }

    /** Statements up to one of these names, which stays current; an empty set means the end. */
    private Statement body(Set<String> ends) {
        tokens.enter();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Lexeme token = tokens.current();
            switch (token.kind()) {
                case DATA -> {
                    String text = tokens.next().text();
                    statements.add(Statement.write(frame -> text));
                }
                case VARIABLE_BEGIN -> {
                    tokens.next();
                    statements.add(Statement.write(expressions.tupleOrOne()));
                    tokens.expect(Kind.VARIABLE_END);
                }
                case BLOCK_BEGIN -> {
                    tokens.next();
                    if (tokens.current().kind() == Kind.NAME
                            && ends.contains(tokens.current().text())) {
                        tokens.leave();
                        return Statement.all(statements);
                    }
                    statements.add(statement());
                    tokens.expect(Kind.BLOCK_END);
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw tokens.failure("'%s' is missing"
                                .formatted(String.join(
                                        "' or '", ends.stream().sorted().toList())));
                    }
                    tokens.leave();
                    return Statement.all(statements);
                }
            }
        }
    }

    /** Statements between the current block's end and one of these names, which stays current. */
    private Statement block(String... ends) {
        tokens.expect(Kind.BLOCK_END);
        return body(Set.of(ends));
    }

    private Statement blockBefore(String end) {
        Statement block = block(end);
        tokens.next();
        return block;
    }

    private Statement statement() {
        Lexeme name = tokens.expect(Kind.NAME);
        return switch (name.text()) {
            case "if" -> condition();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> macro();
            case "filter" -> filter();
            case "generation" -> blockBefore("endgeneration");
            case "break", "continue" -> {
                if (loops == 0) {
                    throw tokens.failure("'%s' is outside of a loop".formatted(name));
                }
                Flow flow = name.text().equals("break") ? Flow.BREAK : Flow.CONTINUE;
                yield (frame, out) -> flow;
            }
            default -> throw tokens.failure("the statement '%s' is not supported".formatted(name));
        };
    }

    private Statement condition() {
        Expression condition = expressions.expression();
        Statement then = block("elif", "else", "endif");
        String next = tokens.next().text();
        Statement otherwise = switch (next) {
            case "elif" -> {
                tokens.enter();
                Statement chained = condition();
                tokens.leave();
                yield chained;
            }
            case "else" -> blockBefore("endif");
            default -> (frame, out) -> Flow.NEXT;
        };
        return (frame, out) -> Values.isTrue(condition.value(frame)) ? then.run(frame, out) : otherwise.run(frame, out);
    }

    private Statement loop() {
        List<String> names = names();
        if (!tokens.skipName("in")) {
            throw tokens.failure("'in' is missing");
        }
        Expression list = expressions.or();
        Expression filter = tokens.skipName("if") ? expressions.expression() : frame -> true;
        if (tokens.current().isName("recursive")) {
            throw tokens.failure("a recursive loop is not supported");
        }
        loops++;
        Statement body = block("else", "endfor");
        loops--;
        Statement otherwise = (frame, out) -> Flow.NEXT;
        if (tokens.next().isName("else")) {
            otherwise = blockBefore("endfor");
        }
        return new ForStatement(names, list, filter, body, otherwise);
    }

    private List<String> names() {
        boolean bracket = tokens.skipOperator("(");
        List<String> names = new ArrayList<>();
        do {
            names.add(tokens.expect(Kind.NAME).text());
        } while (tokens.skipOperator(",")
                && tokens.current().kind() == Kind.NAME
                && !tokens.current().isName("in"));
        if (bracket) {
            tokens.expectOperator(")");
        }
        return names;
    }

    private Statement assignment() {
        if (tokens.current().kind() == Kind.NAME && tokens.following().isOperator(".")) {
            String owner = tokens.next().text();
            tokens.next();
            String attribute = tokens.expect(Kind.NAME).text();
            Expression value = assigned();
            return (frame, out) -> {
                if (!(frame.get(owner) instanceof Namespace namespace)) {
                    throw new TemplateException(
                            "it sets an attribute of '%s', which is not a namespace".formatted(owner));
                }
                namespace.attributes().put(attribute, value.value(frame));
                return Flow.NEXT;
            };
        }
        List<String> names = names();
        Expression value = assigned();
        return (frame, out) -> {
            ForStatement.assign(names, value.value(frame), frame);
            return Flow.NEXT;
        };
    }

    /** The expression after {@code =}, or the output up to {@code endset}. */
    private Expression assigned() {
        if (tokens.skipOperator("=")) {
            return expressions.tupleOrOne();
        }
        var holder = new Holder();
        return filtered(holder, holder, "endset");
    }

    private Statement filter() {
        var holder = new Holder();
        return Statement.write(filtered(holder, expressions.filter(holder), "endfilter"));
    }

    private Expression filtered(Holder holder, Expression start, String end) {
        Expression value = start;
        while (tokens.skipOperator("|")) {
            value = expressions.filter(value);
        }
        holder.body = blockBefore(end);
        return value;
    }

    /** The text of a block, which is parsed after its filters. */
    private static final class Holder implements Expression {
        private Statement body = (frame, out) -> Flow.NEXT;

        @Override
        public Object value(Frame frame) {
            return Statement.capture(body, frame.inner());
        }
    }

    private Statement macro() {
        String name = tokens.expect(Kind.NAME).text();
        List<Macro.Parameter> parameters = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String parameter = tokens.expect(Kind.NAME).text();
            Expression otherwise = tokens.skipOperator("=")
                    ? expressions.expression()
                    : frame -> new Undefined("the parameter '%s'".formatted(parameter));
            parameters.add(new Macro.Parameter(parameter, otherwise));
        }
        int outside = loops;
        loops = 0;
        Statement body = blockBefore("endmacro");
        loops = outside;
        return (frame, out) -> {
            frame.set(name, new Macro(name, parameters, body, frame));
            return Flow.NEXT;
        };
    }
}
