package dev.stratalens.server.config;

/** Form of the log. */
public enum LogFormat {
    TEXT,
    /** A JSON object on a line for each record. */
    JSON
}
