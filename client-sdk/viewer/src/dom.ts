export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
export type Child = Node | string;

/** An HTML element; texts become text nodes, never HTML. `true` is an attribute without a value, `false` and undefined none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function filled<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/** A table with one line of heads. */
export function table(heads: readonly HTMLElement[], rows: readonly HTMLElement[]): HTMLTableElement {
  return h('table', {}, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...rows));
}

/** Replaces the contents of an element. The focus inside it is kept by `data-key`. */
export function replaceContent(element: HTMLElement, ...children: Child[]): void {
  const focused = element.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset['key'] : undefined;
  element.replaceChildren(...children);
  if (focused === undefined) return;
  const again = [...element.querySelectorAll<HTMLElement>('[data-key]')].find(({ dataset }) => dataset['key'] === focused);
  again?.focus({ preventScroll: true });
}
