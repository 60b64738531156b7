package dev.stratalens.cli.selection;

import dev.stratalens.cli.input.Choice;
import dev.stratalens.client.request.Statistic;
import java.util.List;

/** From what the divergence is taken: the model's own output, or the next requested layer. */
public final class KlFrom extends Choice<Statistic> {
    public KlFrom() {
        super(
                List.of(Statistic.KL_FROM_FINAL, Statistic.KL_FROM_NEXT),
                statistic -> statistic.equals(Statistic.KL_FROM_FINAL) ? "final" : "next");
    }
}
