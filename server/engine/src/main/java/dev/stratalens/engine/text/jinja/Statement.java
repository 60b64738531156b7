package dev.stratalens.engine.text.jinja;

import dev.stratalens.engine.text.jinja.runtime.PythonText;
import java.util.List;

/** A statement, ready to be executed. */
@FunctionalInterface
interface Statement {

    /** How execution continues after a statement. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    Flow run(Frame frame, StringBuilder out);

    /** Statements one after another. */
    static Statement all(List<Statement> statements) {
        return (frame, out) -> {
            for (Statement statement : statements) {
                frame.fuel().spend(1);
                Flow flow = statement.run(frame, out);
                if (flow != Flow.NEXT) {
                    return flow;
                }
            }
            return Flow.NEXT;
        };
    }

    /** Writes a value. */
    static Statement write(Expression expression) {
        return (frame, out) -> {
            out.append(PythonText.of(expression.value(frame), frame.fuel()));
            return Flow.NEXT;
        };
    }

    /** The output of a statement. */
    static String capture(Statement body, Frame frame) {
        StringBuilder out = new StringBuilder();
        body.run(frame, out);
        return frame.fuel().made(out.toString());
    }
}
