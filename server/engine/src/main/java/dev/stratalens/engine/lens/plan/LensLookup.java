package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the lenses of a request among those that a model has.
 *
 * @param known the fitted lenses of the model
 * @param lastBlock the output of its last block
 */
record LensLookup(List<KnownLens> known, ReadPoint lastBlock) {

    /**
     * Where each of the lenses reads.
     *
     * @throws InvalidFieldException if the model has no such lens, or a lens would read nowhere
     */
    List<LensCoverage> coverage(List<RequestedLens> lenses, List<ReadPoint> readPoints) {
        var found = new ArrayList<LensCoverage>();
        for (RequestedLens lens : lenses) {
            found.add(
                    lens instanceof RequestedLens.Transport transport
                            ? coverage(transport, "lenses[%d].transport.name".formatted(found.size()), readPoints)
                            : LensCoverage.everywhere(lens, readPoints.size()));
        }
        return found;
    }

    private LensCoverage coverage(RequestedLens.Transport lens, String field, List<ReadPoint> readPoints) {
        KnownLens fitted = known.stream()
                .filter(each -> each.name().equals(lens.name()))
                .findFirst()
                .orElseThrow(() -> InvalidFieldException.notThere(
                        field, lens.name(), "this model has no lens \"%s\"".formatted(lens.name()), names(), others()));
        LensCoverage coverage = fitted.coverage(readPoints, lastBlock);
        if (coverage.readPoints().isEmpty()) {
            throw InvalidFieldException.notThere(
                    field,
                    lens.name(),
                    "the lens \"%s\" has no map for any read point of the request".formatted(lens.name()),
                    List.of(),
                    "It has maps for %s.".formatted(fitted.inWords()));
        }
        return coverage;
    }

    private List<String> names() {
        return known.stream().map(KnownLens::name).toList();
    }

    private String others() {
        return known.isEmpty()
                ? "It has the logit lens and the raw lens. Fitted lenses are given where the model is loaded: by --lens-file, or in the configuration of a server."
                : "It has the fitted lenses %s.".formatted(String.join(", ", names()));
    }
}
