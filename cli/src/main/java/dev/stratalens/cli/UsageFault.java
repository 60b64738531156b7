package dev.stratalens.cli;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in the words that the messages of options have: {@code --top-k: "many" is not a whole number.} */
final class UsageFault {

    private static final Map<Class<?>, String> KINDS = Map.of(
            int.class, "a whole number",
            Integer.class, "a whole number",
            Long.class, "a whole number",
            double.class, "a number",
            Double.class, "a number",
            Float.class, "a number");

    /** Labels of parameters that are a text, which a shell cuts into words unless it is quoted. */
    private static final List<String> TEXTS = List.of("PROMPT", "TEXT");

    private UsageFault() {}

    /** What is wrong. */
    static String of(ParameterException e) {
        return e instanceof UnmatchedArgumentException unmatched
                ? unmatched(unmatched)
                : wrongValue(e).orElseGet(() -> String.valueOf(e.getMessage()));
    }

    /** What was probably meant; nothing if all that is known is far from what was typed. */
    static List<String> suggestions(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return List.of();
        }
        String typed = optionOf(unmatched.getUnmatched())
                .orElseGet(() -> unmatched.getUnmatched().get(0));
        return unmatched.getSuggestions().stream()
                .filter(known -> startsAlike(known, typed))
                .limit(2)
                .toList();
    }

    /** Mistyped names begin as what they stand for: {@code analize} is no {@code crystallize}. */
    private static boolean startsAlike(String known, String typed) {
        String name = known.replaceFirst("^-+", "");
        String other = typed.replaceFirst("^-+", "");
        return !name.isEmpty() && !other.isEmpty() && name.charAt(0) == other.charAt(0);
    }

    private static String unmatched(UnmatchedArgumentException e) {
        List<String> unmatched = e.getUnmatched();
        CommandLine command = e.getCommandLine();
        List<PositionalParamSpec> parameters = command.getCommandSpec().positionalParameters();
        Optional<String> option = optionOf(unmatched);
        if (option.isPresent()) {
            return "there is no option %s.".formatted(option.get());
        }
        if (!command.getSubcommands().isEmpty()) {
            return "there is no command \"%s\".".formatted(unmatched.get(0));
        }
        String words = unmatched.stream().map("\"%s\""::formatted).collect(joining(", "));
        if (parameters.stream().map(ArgSpec::paramLabel).anyMatch(TEXTS::contains)) {
            return "too many arguments: %s. A text of several words goes in quotes.".formatted(words);
        }
        return "too many arguments: %s.".formatted(words);
    }

    private static Optional<String> optionOf(List<String> unmatched) {
        return Stream.of(unmatched.get(0))
                .filter(word -> word.startsWith("-") && word.length() > 1)
                .map(word -> word.replaceFirst("=.*", ""))
                .findFirst();
    }

    private static Optional<String> wrongValue(ParameterException e) {
        ArgSpec argument = e.getArgSpec();
        String value = e.getValue();
        if (argument == null || value == null) {
            return Optional.empty();
        }
        String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
        String kind = argument.typeInfo().isMap() ? argument.paramLabel() : KINDS.get(argument.auxiliaryTypes()[0]);
        if (kind != null) {
            return Optional.of("%s: \"%s\" is not %s.".formatted(name, value, kind));
        }
        return e.getCause() instanceof TypeConversionException wrong
                ? Optional.of("%s: %s.".formatted(name, wrong.getMessage()))
                : Optional.empty();
    }
}
