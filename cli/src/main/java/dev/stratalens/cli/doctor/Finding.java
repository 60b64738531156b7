package dev.stratalens.cli.doctor;

/**
 * What a check found.
 *
 * @param level how bad it is
 * @param subject what was looked at
 * @param found what is there, on one line
 * @param remedy what to do; empty where nothing needs doing
 */
public record Finding(Level level, String subject, String found, String remedy) {

    /** How bad a finding is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** Works, but slower or with less. */
        NOTE,
        /** Something that is needed does not work. */
        PROBLEM
    }

    static Finding ok(String subject, String found) {
        return new Finding(Level.OK, subject, found, "");
    }

    static Finding note(String subject, String found, String remedy) {
        return new Finding(Level.NOTE, subject, found, remedy);
    }

    static Finding problem(String subject, String found, String remedy) {
        return new Finding(Level.PROBLEM, subject, found, remedy);
    }
}
