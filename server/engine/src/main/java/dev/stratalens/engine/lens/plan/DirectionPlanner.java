package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.plan.Interventions.Direction;
import dev.stratalens.engine.model.site.Site;
import java.util.List;
import java.util.stream.IntStream;

/** Resolves directions in the space of changed rows: vectors, tokens through lenses, differences of rows. */
record DirectionPlanner(TokenReader tokens, List<KnownLens> lenses, SourcePrompts sources) {

    /** @param rows that are changed along it */
    Direction plan(String field, RequestedIntervention.Direction asked, SelectedRows rows) {
        if (asked instanceof RequestedIntervention.TokenDirection token) {
            return token(field + ".token", token, rows);
        } else if (asked instanceof RequestedIntervention.Difference difference) {
            return new Interventions.Difference(
                    sources.rows(field + ".difference.to", difference.to()),
                    sources.rows(field + ".difference.from", difference.from()));
        }
        float[] values = rows.vector(field + ".vector", ((RequestedIntervention.Vector) asked).values());
        if (IntStream.range(0, values.length).allMatch(i -> values[i] == 0)) {
            throw InvalidFieldException.of(
                    field + ".vector",
                    Problem.OUT_OF_RANGE,
                    "a vector of zeros",
                    "It has no direction. Give another one.");
        }
        return new Interventions.Vector(values);
    }

    private Direction token(String field, RequestedIntervention.TokenDirection asked, SelectedRows rows) {
        if (rows.site() == Site.ATTENTION_HEADS) {
            throw InvalidFieldException.of(
                    field,
                    Problem.NOT_AVAILABLE,
                    rows.site().inWords(),
                    "A token has a direction in the stream, but none in an attention head. Change another site.");
        }
        asked.lens().ifPresent(name -> requireMaps(field + ".lens", name, rows));
        return new Interventions.TokenDirection(tokens.token(field + ".token", asked.token()), asked.lens());
    }

    private void requireMaps(String field, String name, SelectedRows rows) {
        KnownLens lens = lenses.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> InvalidFieldException.notThere(
                        field,
                        name,
                        "this model has no lens \"%s\"".formatted(name),
                        lenses.stream().map(KnownLens::name).toList(),
                        "Leave the lens out for the row of the unembedding."));
        for (int block : rows.blocks()) {
            ReadPoint point = rows.site() == Site.EMBEDDING ? ReadPoint.EMBEDDING : ReadPoint.layer(block);
            if (!lens.readPoints().contains(point)) {
                throw InvalidFieldException.notThere(
                        field,
                        name,
                        "the lens \"%s\" has no map for %s"
                                .formatted(name, point.isLayer() ? "layer " + block : "the embedding"),
                        List.of(),
                        "It has maps for %s.".formatted(lens.inWords()));
            }
        }
    }
}
