/**
 * What a reader has chosen to look at. Plain data: it goes into the URL's fragment and into a JSON export, and a page that
 * is given it back looks the same. Layers and positions are layer numbers and token positions, which mean the same in
 * every selection of them.
 */
export interface ViewState {
  readonly title: string;
  readonly theme: 'auto' | 'light' | 'dark';
  readonly color: ColorMode;
  /** Index of the target that the target modes mean. */
  readonly target: number;
  /** Id of the token that the token mode means; undefined = none chosen yet. */
  readonly colorToken: number | undefined;
  /** A rank up to this counts as found (rank mode). */
  readonly rankThreshold: number;
  /** Every n-th layer; the last is always shown. */
  readonly stride: number;
  /** First and last layer number shown; undefined = all. */
  readonly layerWindow: readonly [number, number] | undefined;
  /** CSS pixels. */
  readonly columnWidth: number;
  readonly rowHeight: number;
  readonly chartHeight: number;
  readonly chartQuantity: ChartQuantity;
  readonly chartAxis: 'linear' | 'log';
  /** The cell whose top-k is shown. */
  readonly selected: CellAddress | undefined;
  /** Positions whose curves the chart shows; the first is the main one. */
  readonly positions: readonly number[];
  /** Tokens whose curves the chart shows. */
  readonly pins: readonly Pin[];
}

/** One of the page's own, or the name of a statistic, which only the result knows. */
export type ColorMode = 'top' | 'token' | 'targetProbability' | 'rank' | 'agreement' | StatisticName;

/** One of the page's own, or the name of a statistic. */
export type ChartQuantity = 'probability' | 'logProb' | 'rank' | StatisticName;

/** Any text to the compiler, which still offers the page's own. */
export type StatisticName = string & {};

export interface CellAddress {
  readonly layer: number;
  readonly position: number;
}

/** One curve: a token, or several whose probabilities are summed. */
export interface Pin {
  readonly ids: readonly number[];
  /** Index into the page's palette; stays with the pin. */
  readonly color: number;
}
