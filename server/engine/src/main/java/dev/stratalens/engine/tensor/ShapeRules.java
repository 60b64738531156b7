package dev.stratalens.engine.tensor;

import java.util.regex.Pattern;

/**
 * A program's text for {@link Device#META}. A few operators have their shape rules in the Python part of PyTorch only, which
 * is not here; there, operators of the same shapes stand for them, which refuse tensors of other devices as well.
 */
final class ShapeRules {

    private static final Pattern OPERATOR = Pattern.compile("torch\\.("
            + String.join(
                    "|",
                    "index_select",
                    "embedding",
                    "layer_norm",
                    "relu",
                    "where",
                    "logical_or",
                    "logical_not",
                    "abs",
                    "scaled_dot_product_attention")
            + ")\\(");

    private ShapeRules() {}

    /** @param rules the text of {@code shape_rules.torchscript} */
    static String applied(String program, String rules) {
        return OPERATOR.matcher(program).replaceAll("self.meta_$1(") + rules;
    }
}
