import { Site } from '../generated/stratalens/v1/lens_pb.js';

/** Names of the sites where a lens can read, in order of depth within a block. */
export const SITES = {
  'embedding': Site.EMBEDDING,
  'attention-output': Site.ATTENTION_OUTPUT,
  'attention-residual': Site.ATTENTION_RESIDUAL,
  'feed-forward-output': Site.FEED_FORWARD_OUTPUT,
  'block-output': Site.BLOCK_OUTPUT,
} as const;

export type SiteName = keyof typeof SITES;

/** A place in the model where a lens reads. The embedding is in block 0. */
export interface ReadPoint {
  readonly block: number;
  readonly site: SiteName;
}

/** The site of a name. @throws RangeError if there is none */
export function siteOf(name: SiteName): Site {
  const site = SITES[name] as Site | undefined;
  if (site === undefined) throw new RangeError(`there is no site '${name}'; choose from ${Object.keys(SITES).join(', ')}`);
  return site;
}

/** The name of a site; undefined for one that this version does not know. */
export function siteName(site: Site): SiteName | undefined {
  return (Object.keys(SITES) as SiteName[]).find((name) => SITES[name] === site);
}

/** The read point of a layer: the output of a block, or for -1 the embedding. */
export function layerPoint(layer: number): ReadPoint {
  return layer < 0 ? { block: 0, site: 'embedding' } : { block: layer, site: 'block-output' };
}

/** The number of a layer, or of the block that a read point is in; -1 for the embedding. */
export function layerOf(point: ReadPoint): number {
  return point.site === 'embedding' ? -1 : point.block;
}

/** Whether one read point is deeper in the model than another. */
export function isDeeper(point: ReadPoint, than: ReadPoint): boolean {
  return point.block > than.block || (point.block === than.block && SITES[point.site] > SITES[than.site]);
}

export function isSamePoint(one: ReadPoint, other: ReadPoint): boolean {
  return one.block === other.block && one.site === other.site;
}

export function pointInWords(point: ReadPoint): string {
  if (point.site === 'embedding') return 'embedding';
  return point.site === 'block-output' ? `layer ${point.block}` : `${point.site.replaceAll('-', ' ')} of block ${point.block}`;
}
