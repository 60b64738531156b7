package dev.stratalens.cli.explore;

import java.util.Optional;

/**
 * What the page begins with.
 *
 * @param model name of a served model; empty = the first one
 * @param prompt runs as soon as the page is there
 */
public record Opening(String model, Optional<String> prompt) {}
