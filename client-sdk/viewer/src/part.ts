/** A part of the page. It draws itself into its element, follows the lens and the store, and goes away whole. */
export interface Part {
  readonly element: HTMLElement;
  /** Keys that do something wherever the focus is in the viewer; the viewer binds them and lists them under `?`. */
  readonly shortcuts?: readonly Shortcut[];
  /** Ends every subscription and listener outside the element. */
  dispose(): void;
}

/** A key of a part. What an element of the part does itself while it has the focus is said too, without a `run`. */
export interface Shortcut {
  /** As `KeyboardEvent.key` names it: `/`, `n`, `Escape`. Never pressed while a field is typed in. */
  readonly key: string;
  /** What it does, as an imperative: "find a token". */
  readonly does: string;
  readonly run?: () => void;
}
