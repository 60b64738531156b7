package dev.stratalens.cli.selection;

import dev.stratalens.cli.input.Choice;
import dev.stratalens.cli.input.LensSettings.Switch;
import java.util.List;

/** The sites inside a block, as they are typed. */
final class InnerSite extends Choice<Switch> {

    InnerSite() {
        super(
                List.of(
                        Switch.ATTENTION_OUTPUT,
                        Switch.ATTENTION_RESIDUAL,
                        Switch.FEED_FORWARD_OUTPUT,
                        Switch.ALL_SITES),
                site -> site == Switch.ALL_SITES ? "all" : word(site));
    }
}
