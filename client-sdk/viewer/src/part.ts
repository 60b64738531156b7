/** A part of the page. It draws itself into its element, and follows the lens and the store. */
export interface Part {
  readonly element: HTMLElement;
  /** Keys that work with the focus anywhere in the viewer. The viewer binds them and lists them under `?`. */
  readonly shortcuts?: readonly Shortcut[];
  /** Ends every subscription and listener outside the element. */
  dispose(): void;
}

/** A key of a part. Keys that an element handles itself while it has the focus are listed too, without a `run`. */
export interface Shortcut {
  /** As `KeyboardEvent.key` names it: `/`, `n`, `Escape`. Never pressed while a field is typed in. */
  readonly key: string;
  /** What it does, as an imperative: "find a token". */
  readonly does: string;
  /** With the focus anywhere in the viewer. */
  readonly run?: () => void;
  /** Where the focus must be for a key without a `run`, as a heading of the list. */
  readonly where?: string;
}
