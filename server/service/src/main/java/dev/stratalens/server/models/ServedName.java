package dev.stratalens.server.models;

/**
 * A model to serve.
 *
 * @param name as served
 * @param load when it is loaded first
 */
public record ServedName(String name, LoadPolicy load) {}
