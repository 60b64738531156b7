package dev.stratalens.engine.tensor;

import java.util.regex.Pattern;

/**
 * Adapts a program's text for {@link Device#META}. A few operators have shape rules only in the Python part of PyTorch,
 * which is missing here. They are replaced by operators with the same shapes, which also refuse tensors of other
 * devices.
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
                    "linalg_solve_triangular",
                    "scaled_dot_product_attention")
            + ")\\(");

    private ShapeRules() {}

    /** @param rules the text of {@code shape_rules.torchscript} */
    static String applied(String program, String rules) {
        return OPERATOR.matcher(program).replaceAll("self.meta_$1(") + rules;
    }
}
