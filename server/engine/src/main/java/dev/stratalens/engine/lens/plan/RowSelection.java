package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.plan.RequestedIntervention.GeneratedTokens;
import dev.stratalens.engine.lens.plan.RequestedIntervention.Rows;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.model.site.HeadShape;
import dev.stratalens.engine.model.site.Site;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Resolves which rows an intervention changes.
 *
 * @param promptLength tokens of the prompt that is changed
 */
record RowSelection(ModelDescription model, int promptLength) {

    /** @param field name of the rows, for errors */
    SelectedRows resolve(String field, Rows asked) {
        Site site = asked.site();
        if (model.streams() > 1) {
            throw InvalidFieldException.of(
                    field + ".site",
                    Problem.NOT_AVAILABLE,
                    site.inWords(),
                    "In this family, a token has several residual streams, and no row is the stream.");
        }
        int[] blocks = blocks(field, asked);
        int[] positions = positions(field, asked);
        int[] heads = heads(field, asked, blocks);
        return new SelectedRows(site, blocks, positions, heads, width(field, site, blocks));
    }

    private int[] blocks(String field, Rows asked) {
        Site site = asked.site();
        if (site == Site.EMBEDDING) {
            if (!asked.layers().isEmpty()) {
                throw InvalidFieldException.of(
                        field + ".layers",
                        Problem.NOT_UNDERSTOOD,
                        "layers",
                        "The embedding is before the blocks. Leave the layers out.");
            }
            return new int[] {0};
        }
        int[] named = IndexSelection.resolve(
                field + ".layers", asked.layers(), model.blockCount(), IndexSelection.BLOCKS_COUNTED);
        int[] having = Arrays.stream(named).filter(block -> has(block, site)).toArray();
        boolean isComplete = having.length == named.length;
        if (having.length == 0 || !(isComplete || asked.layers().isEmpty())) {
            throw lacks(
                    field,
                    site,
                    Arrays.stream(named)
                            .filter(block -> !has(block, site))
                            .findFirst()
                            .orElseThrow());
        }
        return having;
    }

    private boolean has(int block, Site site) {
        return model.sites().get(block).contains(site);
    }

    private InvalidFieldException lacks(String field, Site site, int block) {
        String others = model.sites().get(block).stream()
                .filter(each -> each != Site.EMBEDDING)
                .map(Site::inWords)
                .collect(Collectors.joining(", "));
        return InvalidFieldException.of(
                field + ".site", Problem.NOT_AVAILABLE, site.inWords(), "Block %d has %s.".formatted(block, others));
    }

    private int[] positions(String field, Rows asked) {
        if (asked.generated() == GeneratedTokens.ONLY) {
            if (!asked.positions().isEmpty()) {
                throw InvalidFieldException.of(
                        field + ".positions",
                        Problem.NOT_UNDERSTOOD,
                        "positions",
                        "Only generated tokens are changed. Leave the positions of the prompt out.");
            }
            return new int[0];
        }
        int[] named = IndexSelection.resolve(
                field + ".positions", asked.positions(), promptLength, IndexSelection.POSITIONS_COUNTED);
        int[] left = asked.skipsFirstToken()
                ? Arrays.stream(named).filter(position -> position > 0).toArray()
                : named;
        if (left.length == 0 && asked.generated() == GeneratedTokens.NONE) {
            throw InvalidFieldException.of(
                    field + ".positions",
                    Problem.MISSING,
                    "",
                    "Without the first token, no token is left to change. Name another position.");
        }
        return left;
    }

    private int[] heads(String field, Rows asked, int[] blocks) {
        if (asked.site() != Site.ATTENTION_HEADS) {
            if (!asked.heads().isEmpty()) {
                throw InvalidFieldException.of(
                        field + ".heads",
                        Problem.NOT_UNDERSTOOD,
                        "heads",
                        "Only the site attention-heads has heads. Leave them out, or change that site.");
            }
            return new int[] {0};
        }
        int count = Arrays.stream(blocks)
                .map(block -> model.heads().get(block).count())
                .min()
                .orElseThrow();
        return IndexSelection.resolve(field + ".heads", asked.heads(), count, "Heads count from 0.");
    }

    private int width(String field, Site site, int[] blocks) {
        if (site != Site.ATTENTION_HEADS) {
            return model.hiddenSize();
        }
        List<HeadShape> shapes =
                Arrays.stream(blocks).mapToObj(model.heads()::get).distinct().toList();
        if (shapes.size() > 1) {
            throw InvalidFieldException.of(
                    field + ".layers",
                    Problem.NOT_AVAILABLE,
                    "layers of different heads",
                    "The attention heads of these blocks differ in number or size. Change them one by one.");
        }
        return shapes.get(0).size();
    }
}
