/** A part of the page. It draws itself into its element, follows the lens and the store, and goes away whole. */
export interface Part {
  readonly element: HTMLElement;
  /** Ends every subscription and listener outside the element. */
  dispose(): void;
}
