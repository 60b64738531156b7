package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;

/** A request asks for something that the contract has room for and this server does not compute. */
public final class NotAvailableException extends LensFailure {

    private final String field;
    private final String feature;

    /**
     * @param field of the request, as in the proto, or name of the call
     * @param feature that is missing, such as {@code lens.transport}
     * @param remedy what to ask for instead
     */
    public NotAvailableException(String field, String feature, String remedy) {
        super("%s asks for \"%s\", which this server does not have. %s".formatted(field, feature, remedy));
        this.field = field;
        this.feature = feature;
    }

    public String field() {
        return field;
    }

    public String feature() {
        return feature;
    }
}
