import { h, type Attributes, type Child } from './dom.js';

/** A selection list with its name above it. */
export interface Choice {
  readonly element: HTMLElement;
  /** Sets the options, by value and text, and selects one. */
  show(options: readonly (readonly [value: string, text: string])[], chosen: string): void;
}

/** A named list to choose from. */
export function choice(name: string, choose: (value: string) => void): Choice {
  const select = h('select');
  select.addEventListener('change', () => choose(select.value));
  let offered = '';
  return {
    element: field(name, select),
    show(options, chosen) {
      // A list that is open must not change under the reader's hand.
      const offer = JSON.stringify(options);
      if (offer !== offered) {
        offered = offer;
        select.replaceChildren(...options.map(([value, text]) => h('option', { value }, text)));
      }
      select.value = chosen;
    },
  };
}

/** A control with its name above it. */
export function field(name: string, control: HTMLElement): HTMLElement {
  return h('label', { class: 'sl-field' }, h('span', {}, name), control);
}

/** A button with an action. */
export function button(text: Child, does: () => void, attributes: Attributes = {}, ...more: Child[]): HTMLButtonElement {
  const element = h('button', { type: 'button', ...attributes }, text, ...more);
  element.addEventListener('click', does);
  return element;
}

/** A control of two states, such as a switch of a menu. */
export function toggle(name: string, choose: (on: boolean) => void): { readonly element: HTMLElement; show(on: boolean): void } {
  const box = h('input', { type: 'checkbox' });
  box.addEventListener('change', () => choose(box.checked));
  return { element: h('label', { class: 'sl-toggle' }, box, name), show: (on) => void (box.checked = on) };
}

/** Runs an action and shows how it ended. */
export async function telling(said: HTMLElement, action: () => Promise<string>, failed = 'Not done'): Promise<void> {
  said.textContent = '';
  said.textContent = await action().catch((reason: unknown) => `${failed}: ${messageOf(reason)}`);
}

/** Why something failed, for people. */
export function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

/** A menu of buttons and fields. It closes when a button is used, and when the focus leaves. */
export function menu(name: string, ...items: HTMLElement[]): HTMLDetailsElement {
  const list = h('div', { class: 'sl-menu-list' }, ...items);
  const element = h('details', { class: 'sl-menu' }, h('summary', {}, name), list);
  const close = () => element.removeAttribute('open');
  list.addEventListener('click', ({ target }) => {
    if ((target as Element).closest('button')) close();
  });
  element.addEventListener('focusout', (event) => {
    if (!element.contains(event.relatedTarget as Node | null)) close();
  });
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !element.open) return;
    close();
    element.querySelector('summary')!.focus();
    event.stopPropagation();
  });
  return element;
}
