package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.Lexeme.Kind;
import dev.stratalens.engine.text.jinja.runtime.TemplateException;
import java.util.List;

/** Tokens, read one after another. */
final class TokenStream {

    private static final int MAXIMUM_DEPTH = 100;

    private final List<Lexeme> tokens;
    private int position;
    private int depth;

    TokenStream(List<Lexeme> tokens) {
        this.tokens = tokens;
    }

    Lexeme current() {
        return tokens.get(position);
    }

    Lexeme following() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Lexeme next() {
        Lexeme token = current();
        position = Math.min(position + 1, tokens.size() - 1);
        return token;
    }

    boolean skipName(String name) {
        boolean found = current().isName(name);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipOperator(String operator) {
        boolean found = current().isOperator(operator);
        if (found) {
            next();
        }
        return found;
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw failure("'%s' should stand where '%s' stands".formatted(operator, current()));
        }
    }

    Lexeme expect(Kind kind) {
        if (current().kind() != kind) {
            throw failure("'%s' is not expected".formatted(current()));
        }
        return next();
    }

    /** Called before a part that may contain a part of the same kind. */
    void enter() {
        if (++depth > MAXIMUM_DEPTH) {
            throw failure("more than %d levels".formatted(MAXIMUM_DEPTH));
        }
    }

    void leave() {
        depth--;
    }

    TemplateException failure(String what) {
        return new TemplateException("line %d: %s".formatted(current().line(), what));
    }
}
