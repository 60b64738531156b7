package dev.stratalens.cli;

import java.util.List;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ParseResult.GroupMatch;
import picocli.CommandLine.RunLast;

/**
 * Refuses an option that is given twice and takes one value. Picocli does so for options outside of groups; within one, it begins a
 * new group and forgets every option before the second, such as the one that asks for TLS.
 */
final class OnceOnly implements IExecutionStrategy {

    @Override
    public int execute(ParseResult parsed) throws ExecutionException {
        for (ParseResult each : parsed.asCommandLineList().stream()
                .map(command -> command.getParseResult())
                .toList()) {
            each.commandSpec().argGroups().forEach(group -> check(each, group));
        }
        return new RunLast().execute(parsed);
    }

    private static void check(ParseResult parsed, ArgGroupSpec group) {
        List<GroupMatch> matches = parsed.findMatches(group).stream()
                .flatMap(container -> container.matches().stream())
                .toList();
        for (ArgSpec argument : group.args()) {
            long times = matches.stream()
                    .filter(match -> !match.matchedValues(argument).isEmpty())
                    .count();
            if (argument instanceof OptionSpec option && !option.isMultiValue() && times > 1) {
                throw new ParameterException(
                        parsed.commandSpec().commandLine(),
                        "option '%s' should be specified only once".formatted(option.longestName()));
            }
        }
    }
}
