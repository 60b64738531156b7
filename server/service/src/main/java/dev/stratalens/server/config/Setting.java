package dev.stratalens.server.config;

import java.util.Optional;
import java.util.function.Function;

/**
 * A key of the configuration with one value.
 *
 * @param key as in the file
 * @param defaultText as it would be written
 * @param allowed what its values may be
 * @param parser empty for a text that is not allowed
 */
record Setting<T>(String key, String defaultText, String allowed, Function<String, Optional<T>> parser) {}
