package dev.stratalens.engine.tensor;

import java.util.regex.Pattern;

/**
 * A program's text for {@link Device#META}. A few operators have their shape rules in the Python part of PyTorch only, which
 * is not here; there, operators of the same shapes stand for them, which refuse tensors of other devices as well.
 */
final class ShapeRules {

    /** Rows are selected, so {@code dim} is 0. */
    private static final String SUBSTITUTES = """
            def meta_index_select(self, x: Tensor, dim: int, rows: Tensor) -> Tensor:
              return torch.index(x, annotate(List[Optional[Tensor]], [rows]))

            def meta_embedding(self, weight: Tensor, rows: Tensor) -> Tensor:
              return self.meta_index_select(weight, 0, rows)

            def meta_layer_norm(self, x: Tensor, shape: List[int], weight: Optional[Tensor], bias: Optional[Tensor], epsilon: float, cudnn: bool) -> Tensor:
              y = torch.sub(x, torch.mean(x, [-1], True))
              if weight is not None:
                y = torch.mul(y, weight)
              if bias is not None:
                y = torch.add(y, bias)
              return y

            def meta_relu(self, x: Tensor) -> Tensor:
              return torch.clamp_min(x, 0.)

            def meta_where(self, condition: Tensor, x: Tensor, y: Tensor) -> Tensor:
              return torch.add(torch.mul(x, condition), torch.mul(y, torch.bitwise_not(condition)))

            def meta_logical_or(self, x: Tensor, y: Tensor) -> Tensor:
              return torch.bitwise_or(x, y)

            def meta_logical_not(self, x: Tensor) -> Tensor:
              return torch.bitwise_not(x)

            def meta_abs(self, x: Tensor) -> Tensor:
              return torch.mul(x, torch.sign(x))

            def meta_scaled_dot_product_attention(self, q: Tensor, k: Tensor, v: Tensor, mask: Optional[Tensor], dropout: float, causal: bool, scale: float) -> Tensor:
              scores = torch.mul(torch.matmul(q, torch.transpose(k, -2, -1)), scale)
              if mask is not None:
                scores = torch.masked_fill(scores, torch.bitwise_not(mask), 0.)
              return torch.matmul(torch.softmax(scores, -1), v)
            """;

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

    static String applied(String program) {
        return OPERATOR.matcher(program).replaceAll("self.meta_$1(") + SUBSTITUTES;
    }
}
