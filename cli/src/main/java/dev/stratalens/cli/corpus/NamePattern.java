package dev.stratalens.cli.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** A pattern for one name in a path: {@code *} for any characters, {@code ?} for one, {@code [a-z]} and {@code [!a-z]} for one of a set. */
final class NamePattern {

    /** Stands for {@code *}; told from the others by its identity. */
    private static final IntPredicate MANY = NamePattern::any;

    private final List<IntPredicate> characters;

    private NamePattern(List<IntPredicate> characters) {
        this.characters = characters;
    }

    static NamePattern of(String text) {
        int[] points = text.codePoints().toArray();
        List<IntPredicate> characters = new ArrayList<>();
        for (int at = 0; at < points.length; at++) {
            int end = points[at] == '[' ? setEnd(points, at) : -1;
            if (end >= 0) {
                characters.add(set(points, at + 1, end));
                at = end;
            } else {
                characters.add(one(points[at]));
            }
        }
        return new NamePattern(characters);
    }

    private static boolean any(int character) {
        return character != '/';
    }

    private static IntPredicate one(int point) {
        return switch (point) {
            case '*' -> MANY;
            case '?' -> character -> any(character);
            default -> character -> character == point;
        };
    }

    /** Where the set that begins here ends; -1 if the bracket stands for itself. A bracket that closes may come first in a set. */
    private static int setEnd(int[] points, int start) {
        int at = start + 1;
        if (at < points.length && points[at] == '!') {
            at++;
        }
        for (at++; at < points.length; at++) {
            if (points[at] == ']') {
                return at;
            }
        }
        return -1;
    }

    private static IntPredicate set(int[] points, int start, int end) {
        boolean others = points[start] == '!';
        IntPredicate set = character -> false;
        for (int at = others ? start + 1 : start; at < end; at++) {
            int low = points[at];
            boolean range = at + 2 < end && points[at + 1] == '-';
            int high = range ? points[at + 2] : low;
            set = set.or(character -> low <= character && character <= high);
            at += range ? 2 : 0;
        }
        return others ? set.negate() : set;
    }

    /** Whether it is that name. What the last star takes is tried anew, one character more each time; earlier ones need not change. */
    boolean matches(String name) {
        int[] given = name.codePoints().toArray();
        int at = 0;
        int pattern = 0;
        int star = -1;
        int taken = 0;
        while (at < given.length) {
            if (pattern < characters.size() && characters.get(pattern) == MANY) {
                star = pattern++;
                taken = at;
            } else if (pattern < characters.size() && characters.get(pattern).test(given[at])) {
                pattern++;
                at++;
            } else if (star >= 0) {
                pattern = star + 1;
                at = ++taken;
            } else {
                return false;
            }
        }
        return characters.subList(pattern, characters.size()).stream().allMatch(rest -> rest == MANY);
    }
}
