/**
 * The choices of a reader, as plain data. The URL's fragment and a JSON export hold it, and restore the same view.
 * Layers and positions are layer numbers and token positions, so they mean the same in every selection.
 */
export interface ViewState {
  readonly title: string;
  readonly theme: 'auto' | 'light' | 'dark';
  readonly color: ColorMode;
  /** Index of the target of the target modes. */
  readonly target: number;
  /** Id of the token of the token mode; undefined = none chosen yet. */
  readonly colorToken: number | undefined;
  /** Ranks up to this count as found (rank mode). */
  readonly rankThreshold: number;
  /** Every n-th layer; the last is always shown. */
  readonly stride: number;
  /** First and last layer number shown; undefined = all. */
  readonly layerWindow: readonly [number, number] | undefined;
  /** Whether what is read inside blocks is shown, as thin rows. */
  readonly inside: 'thin' | 'folded';
  /** What runs down the map; the other runs across. */
  readonly down: 'layers' | 'tokens';
  /** CSS pixels; undefined = as fits in the window. */
  readonly columnWidth: number | undefined;
  readonly rowHeight: number | undefined;
  readonly chartHeight: number | undefined;
  readonly chartQuantity: ChartQuantity;
  readonly chartAxis: 'linear' | 'log';
  /** The cell whose numbers are shown. The main curves of the chart are those of its position. */
  readonly selected: CellAddress | undefined;
  /** Positions whose curves the chart shows beside those of the selected cell. */
  readonly positions: readonly number[];
  /** Tokens whose curves the chart shows. */
  readonly pins: readonly Pin[];
  /** Where chart and cell are; `auto` docks them beside a map that leaves room, and opens them at the cell of a wide one. */
  readonly detail: 'auto' | 'docked' | 'floating';
  /** Whether pictures and tables that leave the page say where their numbers come from. */
  readonly source: 'named' | 'unnamed';
}

/** A mode of the page, or the name of a statistic of the result. */
export type ColorMode = 'top' | 'token' | 'targetProbability' | 'rank' | 'agreement' | StatisticName;

/** A quantity of the page, or the name of a statistic. */
export type ChartQuantity = 'probability' | 'logProb' | 'rank' | StatisticName;

/** Any text; editors still suggest the page's own names. */
export type StatisticName = string & {};

export interface CellAddress {
  readonly layer: number;
  readonly position: number;
}

/** A curve: one token, or several whose probabilities are summed. */
export interface Pin {
  readonly ids: readonly number[];
  /** Index into the page's palette; stays with the pin. */
  readonly color: number;
}
