package dev.stratalens.engine.model.site;

/**
 * The attention heads of a block whose outputs are a site.
 *
 * @param count number of heads; 0 if the block does not have the site
 * @param size numbers of each
 */
public record HeadShape(int count, int size) {

    /** Of a block without the site. */
    public static final HeadShape NONE = new HeadShape(0, 0);
}
