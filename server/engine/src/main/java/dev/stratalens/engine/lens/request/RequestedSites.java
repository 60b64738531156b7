package dev.stratalens.engine.lens.request;

import dev.stratalens.engine.model.site.Site;
import java.util.Arrays;
import java.util.List;

/**
 * The sites of a request.
 *
 * @param sites sites to read, each at most once, none for block outputs; {@link Site#EMBEDDING} is read once, others in each of
 *     the blocks that has them
 * @param missing what happens to sites that no block of the request has
 */
public record RequestedSites(List<Site> sites, Missing missing) {

    /** Treatment of sites that no block of the request has. */
    public enum Missing {
        /** They are refused. */
        REFUSED,
        /** They are left out. */
        LEFT_OUT
    }

    /** Every site that the blocks have and a lens can read, and the embedding. */
    public static final RequestedSites ALL = new RequestedSites(
            Arrays.stream(Site.values()).filter(Site::isForLenses).toList(), Missing.LEFT_OUT);

    /** Copies the list. */
    public RequestedSites {
        sites = List.copyOf(sites);
    }
}
