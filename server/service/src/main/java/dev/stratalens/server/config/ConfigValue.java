package dev.stratalens.server.config;

/**
 * A value as it was given.
 *
 * @param origin where: {@code file:line}, an environment variable, a flag, or {@code default}
 */
record ConfigValue(String text, String origin) {}
