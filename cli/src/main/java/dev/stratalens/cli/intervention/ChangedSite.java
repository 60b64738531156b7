package dev.stratalens.cli.intervention;

import dev.stratalens.cli.input.Choice;
import dev.stratalens.client.request.ChangedRows;
import dev.stratalens.client.request.Site;

/** Values of {@code --site}: where rows are changed. */
enum ChangedSite {
    EMBEDDING,
    ATTENTION_HEADS,
    ATTENTION_OUTPUT,
    ATTENTION_RESIDUAL,
    FEED_FORWARD_OUTPUT,
    BLOCK_OUTPUT;

    /** All rows there. */
    ChangedRows rows() {
        return this == ATTENTION_HEADS ? ChangedRows.attentionHeads() : ChangedRows.at(Site.valueOf(name()));
    }

    @Override
    public String toString() {
        return Choice.word(this);
    }
}
