package dev.stratalens.engine.text.jinja.runtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arguments of a function, filter or test.
 *
 * @param name its name, for messages
 */
public record Arguments(String name, List<Object> positional, Map<String, Object> named) {

    /** An argument by its place or name. */
    public Optional<Object> find(int place, String keyword) {
        return place < positional.size() ? Optional.of(positional.get(place)) : Optional.ofNullable(named.get(keyword));
    }

    Object get(int place, String keyword, Object otherwise) {
        return find(place, keyword).orElse(otherwise);
    }

    Object require(int place, String keyword) {
        return find(place, keyword)
                .orElseThrow(() -> new TemplateException("%s needs the argument %s".formatted(name, keyword)));
    }

    String text(int place, String keyword) {
        return asText(keyword, require(place, keyword));
    }

    /** Empty if there is none, or None. */
    Optional<String> optionalText(int place, String keyword) {
        return find(place, keyword).filter(value -> value != Nothing.NONE).map(value -> asText(keyword, value));
    }

    long number(int place, String keyword, long otherwise) {
        Object value = get(place, keyword, otherwise);
        if (value instanceof Long number) {
            return number;
        }
        throw new TemplateException("the argument %s of %s is not a whole number".formatted(keyword, name));
    }

    /** Refuses arguments that would be ignored. */
    public Arguments atMost(int places, String... keywords) {
        if (positional.size() > places) {
            throw new TemplateException("%s takes at most %d arguments".formatted(name, places));
        }
        for (String keyword : named.keySet()) {
            if (!List.of(keywords).contains(keyword)) {
                throw new TemplateException("%s takes no argument %s".formatted(name, keyword));
            }
        }
        return this;
    }

    private String asText(String keyword, Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new TemplateException("the argument %s of %s is not a text".formatted(keyword, name));
    }
}
