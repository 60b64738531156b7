package dev.stratalens.engine.text.jinja;

/** A piece of a template's source. */
record Lexeme(Kind kind, String text, int line) {

    enum Kind {
        /** Text between the marks. */
        DATA,
        VARIABLE_BEGIN,
        VARIABLE_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        /** Without its quotes, escapes resolved. */
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equals(name);
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    @Override
    public String toString() {
        return kind == Kind.END ? "the end" : kind == Kind.VARIABLE_END ? "}}" : kind == Kind.BLOCK_END ? "%}" : text;
    }
}
