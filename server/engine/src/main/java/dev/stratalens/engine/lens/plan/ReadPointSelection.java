package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedSites;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.model.site.Site;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds the read points of a request in a model. */
record ReadPointSelection(ModelDescription model) {

    /**
     * The read points, by depth: in each block those of the requested sites that it has.
     *
     * @throws InvalidFieldException if no block of the request has a site, or no lens reads it
     */
    List<ReadPoint> resolve(RequestedPlan request) {
        int[] blocks = IndexSelection.resolve(
                "layers",
                request.layers(),
                model.blockCount(),
                "Layers count the blocks from 0, or from the end: -1 is the last. Ask for the embedding as a site.");
        List<Site> asked = request.sites().sites();
        Set<Site> wanted = asked.isEmpty() ? EnumSet.of(Site.BLOCK_OUTPUT) : Set.copyOf(asked);
        var points = new ArrayList<ReadPoint>();
        if (wanted.contains(Site.EMBEDDING)) {
            points.add(ReadPoint.EMBEDDING);
        }
        for (int block : blocks) {
            model.sites().get(block).stream()
                    .filter(site -> site != Site.EMBEDDING && wanted.contains(site))
                    .map(site -> new ReadPoint(block, site))
                    .forEach(points::add);
        }
        boolean refused = request.sites().missing() == RequestedSites.Missing.REFUSED;
        for (int i = 0; refused && i < asked.size(); i++) {
            Site site = asked.get(i);
            if (!site.isForLenses() || points.stream().noneMatch(point -> point.site() == site)) {
                throw InvalidFieldException.of(
                        "sites[%d]".formatted(i),
                        Problem.NOT_AVAILABLE,
                        "site." + site.inWords(),
                        remedy(site, blocks));
            }
        }
        return points.stream().sorted().toList();
    }

    private String remedy(Site site, int[] blocks) {
        if (!site.isForLenses()) {
            return "No lens reads attention heads. Ask for the attribution, which has them.";
        }
        List<Integer> having = IntStream.range(0, model.blockCount())
                .filter(block -> model.sites().get(block).contains(site))
                .boxed()
                .toList();
        return having.isEmpty()
                ? "No block of this model has this site. Its blocks have %s.".formatted(names(blocks))
                : "No block of the request has this site. The blocks %s have it.".formatted(having);
    }

    private String names(int[] blocks) {
        return IntStream.of(blocks)
                .boxed()
                .flatMap(block -> model.sites().get(block).stream())
                .filter(site -> site.isForLenses() && site != Site.EMBEDDING)
                .distinct()
                .sorted()
                .map(Site::inWords)
                .collect(Collectors.joining(", "));
    }
}
