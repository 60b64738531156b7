package dev.stratalens.cli.command;

import dev.stratalens.cli.input.Choice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** A view of one result. {@code show FILE --view kl} is {@code kl} over a saved result instead of a prompt. */
public enum SavedView {
    RANKS,
    KL,
    ENTROPY,
    LOGITS,
    TRAJECTORY,
    CRYSTALLIZE;

    static final String OPTION = "--view";

    /** The view that the arguments ask {@code show} for; empty if none, or one that does not exist. */
    public static Optional<SavedView> asked(List<String> arguments) {
        int place = place(arguments);
        return place < 0
                ? Optional.empty()
                : Arrays.stream(values())
                        .filter(view -> view.toString().equals(name(arguments, place)))
                        .findFirst();
    }

    /** The arguments without the choice of the view. */
    public static String[] without(List<String> arguments) {
        List<String> rest = new ArrayList<>(arguments);
        int place = place(arguments);
        rest.subList(place, place + (arguments.get(place).equals(OPTION) ? 2 : 1))
                .clear();
        return rest.toArray(String[]::new);
    }

    /** The command line of this view over a file.
     *
     * @param command that of the view */
    public CommandLine over(Object command) {
        return ((AnalysisCommand) command).ofSavedResult();
    }

    private static int place(List<String> arguments) {
        if (arguments.isEmpty() || !arguments.get(0).equals("show")) {
            return -1;
        }
        int end = arguments.indexOf("--");
        for (int place = 1; place < (end < 0 ? arguments.size() : end); place++) {
            if (arguments.get(place).startsWith(OPTION + "=")
                    || (arguments.get(place).equals(OPTION) && place + 1 < arguments.size())) {
                return place;
            }
        }
        return -1;
    }

    private static String name(List<String> arguments, int place) {
        return arguments.get(place).equals(OPTION)
                ? arguments.get(place + 1)
                : arguments.get(place).substring(OPTION.length() + 1);
    }

    @Override
    public String toString() {
        return Choice.word(this);
    }
}
