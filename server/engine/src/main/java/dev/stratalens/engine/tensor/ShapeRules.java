package dev.stratalens.engine.tensor;

/**
 * A program's text for {@link Device#META}. A few operators have their shape rules in the Python part of PyTorch only, which
 * is not here; there, operators of the same shapes stand for them, which refuse tensors of other devices as well.
 */
final class ShapeRules {

    /** Rows are selected, so {@code dim} is 0. */
    private static final String SUBSTITUTES =
            """
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
              return torch.add(torch.mul(x, condition), torch.mul(y, torch.logical_not(condition)))
            """;

    private ShapeRules() {}

    static String applied(String program) {
        return program.replaceAll("torch\\.(index_select|embedding|layer_norm|relu|where)\\(", "self.meta_$1(")
                + SUBSTITUTES;
    }
}
