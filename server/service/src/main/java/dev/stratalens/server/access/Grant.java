package dev.stratalens.server.access;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a principal may do and use.
 *
 * @param models names of models, where {@code *} stands for any characters
 * @param rights the same for all these models
 */
public record Grant(List<String> models, Set<Right> rights, Quota quota) {

    /** Everything. */
    public static final Grant ALL = new Grant(List.of("*"), EnumSet.allOf(Right.class), Quota.UNLIMITED);

    /** Nothing. */
    public static final Grant NONE = new Grant(List.of(), EnumSet.noneOf(Right.class), Quota.UNLIMITED);

    /** Copies both. */
    public Grant {
        models = List.copyOf(models);
        rights = Set.copyOf(rights);
    }

    /** Whether the right is granted for a model. */
    public boolean allows(Right right, String model) {
        return rights.contains(right) && models.stream().anyMatch(pattern -> matches(pattern, model));
    }

    private static boolean matches(String pattern, String model) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(model);
        }
        String rest = pattern.substring(star + 1);
        if (!model.startsWith(pattern.substring(0, star))) {
            return false;
        }
        return rest.isEmpty()
                || IntStream.rangeClosed(star, model.length()).anyMatch(from -> matches(rest, model.substring(from)));
    }
}
