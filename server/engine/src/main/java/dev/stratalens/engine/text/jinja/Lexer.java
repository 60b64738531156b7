package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.Lexeme.Kind;
import dev.stratalens.engine.text.jinja.runtime.PythonText;
import dev.stratalens.engine.text.jinja.runtime.TemplateException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits a template into tokens, with {@code trim_blocks} and {@code lstrip_blocks} set, as transformers sets them. */
final class Lexer {

    private static final Pattern OPENING = Pattern.compile("\\{\\{|\\{%|\\{#");
    private static final Pattern RAW =
            Pattern.compile("\\{%([-+]?)\\s*raw\\s*(-%\\}\\s*|%\\})", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern END_RAW =
            Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(\\+%\\}|-%\\}\\s*|%\\}\\n?)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern FLOAT =
            Pattern.compile("(?<!\\.)[0-9][0-9_]*((\\.[0-9][0-9_]*)?[eE][+-]?[0-9][0-9_]*|\\.[0-9][0-9_]*)");
    private static final Pattern INTEGER = Pattern.compile("[0-9][0-9_]*");
    private static final Pattern STRING =
            Pattern.compile("'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"", Pattern.DOTALL);
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}<>=.:|,;]");

    private final String source;
    private final List<Lexeme> tokens = new ArrayList<>();
    private int position;
    private boolean atLineStart = true;

    private Lexer(String source) {
        String lines = source.replace("\r\n", "\n").replace('\r', '\n');
        this.source = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
    }

    static List<Lexeme> tokens(String source) {
        return new Lexer(source).run();
    }

    private List<Lexeme> run() {
        Matcher opening = OPENING.matcher(source);
        while (opening.find(position)) {
            String text = source.substring(position, opening.start());
            position = opening.start();
            switch (opening.group()) {
                case "{#" -> comment(text);
                case "{%" -> block(text);
                default -> {
                    data(text, sign(), false);
                    position += sign() == '-' || sign() == '+' ? 3 : 2;
                    expression(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, "}}");
                    atLineStart = source.charAt(position - 1) == '\n';
                }
            }
        }
        add(Kind.DATA, source.substring(position));
        position = source.length();
        add(Kind.END, "");
        return tokens;
    }

    private char sign() {
        return position + 2 < source.length() ? source.charAt(position + 2) : ' ';
    }

    private void comment(String text) {
        data(text, sign(), true);
        int end = source.indexOf("#}", position + 2);
        if (end < 0) {
            throw failure("a comment has no end");
        }
        position = end + 2;
        closed(source.charAt(end - 1));
    }

    private void block(String text) {
        Matcher raw = RAW.matcher(source).region(position, source.length());
        data(text, sign(), true);
        if (raw.lookingAt()) {
            Matcher end = END_RAW.matcher(source);
            if (!end.find(raw.end())) {
                throw failure("{% raw %} has no end");
            }
            position = end.start();
            data(source.substring(raw.end(), end.start()), sign(), true);
            position = end.end();
            atLineStart = source.charAt(position - 1) == '\n';
            return;
        }
        position += sign() == '-' || sign() == '+' ? 3 : 2;
        expression(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
    }

    /** Text before a mark: a minus strips it, and the blanks before a block that begins its line go unless there is a plus. */
    private void data(String text, char sign, boolean stripsLine) {
        String kept = text;
        if (sign == '-') {
            kept = PythonText.stripEnd(text);
        } else if (sign != '+' && stripsLine) {
            int line = text.lastIndexOf('\n') + 1;
            if ((line > 0 || atLineStart) && SPACE.matcher(text.substring(line)).matches()) {
                kept = text.substring(0, line);
            }
        }
        add(Kind.DATA, kept);
    }

    /** Tokens up to the closing mark, which does not count inside brackets. */
    private void expression(Kind begin, Kind end, String mark) {
        add(begin, "");
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            skip(SPACE);
            if (position >= source.length()) {
                throw failure("%s has no end".formatted(begin == Kind.BLOCK_BEGIN ? "{%" : "{{"));
            }
            char sign = source.charAt(position);
            boolean signed =
                    (sign == '-' || (sign == '+' && end == Kind.BLOCK_END)) && source.startsWith(mark, position + 1);
            if (open.isEmpty() && (signed || source.startsWith(mark, position))) {
                add(end, "");
                position += signed ? 3 : 2;
                if (end == Kind.BLOCK_END) {
                    closed(sign);
                } else if (signed) {
                    skip(SPACE);
                }
                return;
            }
            token(open);
        }
    }

    /** After a block or comment: a minus strips all blanks, else one line feed goes unless there is a plus. */
    private void closed(char sign) {
        if (sign == '-') {
            skip(SPACE);
        } else if (sign != '+' && source.startsWith("\n", position)) {
            position++;
        }
        atLineStart = source.charAt(position - 1) == '\n';
    }

    private void token(Deque<Character> open) {
        for (Kind kind : List.of(Kind.FLOAT, Kind.INTEGER, Kind.NAME, Kind.STRING, Kind.OPERATOR)) {
            Matcher matcher = pattern(kind).matcher(source).region(position, source.length());
            matcher.useTransparentBounds(true);
            if (!matcher.lookingAt()) {
                continue;
            }
            String text = matcher.group();
            add(kind, kind == Kind.STRING ? StringLiteral.unescape(text.substring(1, text.length() - 1)) : text);
            position = matcher.end();
            balance(text, open);
            return;
        }
        throw failure("'%s' is not understood".formatted(Character.toString(source.codePointAt(position))));
    }

    private static Pattern pattern(Kind kind) {
        return switch (kind) {
            case FLOAT -> FLOAT;
            case INTEGER -> INTEGER;
            case NAME -> NAME;
            case STRING -> STRING;
            default -> OPERATOR;
        };
    }

    private void balance(String text, Deque<Character> open) {
        if (text.length() != 1) {
            return;
        }
        char bracket = text.charAt(0);
        int closing = ")]}".indexOf(bracket);
        if ("([{".indexOf(bracket) >= 0) {
            open.push(bracket);
        } else if (closing >= 0 && (open.isEmpty() || open.pop() != "([{".charAt(closing))) {
            throw failure("unmatched '%c'".formatted(bracket));
        }
    }

    private void skip(Pattern pattern) {
        Matcher matcher = pattern.matcher(source).region(position, source.length());
        if (matcher.lookingAt()) {
            position = matcher.end();
        }
    }

    private void add(Kind kind, String text) {
        if (kind != Kind.DATA || !text.isEmpty()) {
            tokens.add(new Lexeme(kind, text, line()));
        }
    }

    private int countedTo;
    private int line = 1;

    private int line() {
        for (; countedTo < position; countedTo++) {
            if (source.charAt(countedTo) == '\n') {
                line++;
            }
        }
        return line;
    }

    private TemplateException failure(String what) {
        return new TemplateException("line %d: %s".formatted(line(), what));
    }
}
