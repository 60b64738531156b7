import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepInAddress } from '../../src/state/address-bar.js';
import { DEFAULT_VIEW } from '../../src/state/default-view.js';
import { link } from '../../src/state/link.js';
import { isPinned, withPinsGrouped, withPinSplit, withPinToggled } from '../../src/state/pins.js';
import { decode, encode, fromJson, toJson } from '../../src/state/saved.js';
import { Store } from '../../src/state/store.js';
import type { ViewState } from '../../src/state/view-state.js';

const EVERYTHING: ViewState = {
  title: 'a/b & "c" = é 漢 #',
  theme: 'dark',
  color: 'kl-from-next',
  target: 3,
  colorToken: 464,
  rankThreshold: 50,
  stride: 4,
  layerWindow: [-1, 11],
  inside: 'folded',
  down: 'tokens',
  columnWidth: 90,
  rowHeight: 30,
  chartHeight: 400,
  chartQuantity: 'rank',
  chartAxis: 'log',
  selected: { layer: -1, position: 12 },
  positions: [5, 2, 7],
  pins: [{ ids: [464, 12], color: 0 }, { ids: [13], color: 9 }],
  detail: 'docked',
  source: 'unnamed',
};

test('a fragment says only what differs, and brings everything back', () => {
  assert.equal(encode(DEFAULT_VIEW, DEFAULT_VIEW), '');
  const fragment = encode(EVERYTHING, DEFAULT_VIEW);
  assert.deepEqual(decode(fragment, DEFAULT_VIEW), { state: EVERYTHING, damaged: [] });
  assert.match(fragment, /cell=-1,12&pos=5,2,7&pins=464\.12:0,13:9&detail=docked&source=unnamed$/);
  assert.equal(encodeURI(fragment.replaceAll('%', '')), fragment.replaceAll('%', ''), 'needs no further escaping');
});

test('what a first state has and the view has not comes back as absent', () => {
  const first = { ...EVERYTHING };
  const fragment = encode(DEFAULT_VIEW, first);
  assert.deepEqual(decode(fragment, first), { state: DEFAULT_VIEW, damaged: [] });
});

test('a damaged fragment leaves the damaged fields as they were and names them', () => {
  const damaged = 'color=very%20purple&target=-1&title=%E0%A4%A&stride=2&cell=1&pins=1.x:0&pos=1,,2&layers=9,3&w=1e9&nothing=1&axis&token=x';
  const restored = decode(damaged, DEFAULT_VIEW);
  assert.deepEqual(restored.state, { ...DEFAULT_VIEW, stride: 2 });
  assert.deepEqual(restored.damaged, [
    'color', 'target', 'title', 'selected', 'pins', 'positions', 'layerWindow', 'columnWidth', 'nothing', 'chartAxis', 'colorToken',
  ]);
});

test('no cut and no flipped character of a fragment can break the reading or bring in what is not allowed', () => {
  const whole = encode(EVERYTHING, DEFAULT_VIEW);
  const sound = (fragment: string) => {
    const { state } = decode(fragment, DEFAULT_VIEW);
    assert.deepEqual(decode(encode(state, DEFAULT_VIEW), DEFAULT_VIEW), { state, damaged: [] }, fragment);
  };
  for (let end = 0; end <= whole.length; end++) sound(whole.slice(0, end));
  for (let at = 0; at < whole.length; at++) for (const other of '%&=,.:-9x') sound(whole.slice(0, at) + other + whole.slice(at + 1));
});

test('a JSON export brings everything back, and refuses other texts', () => {
  assert.deepEqual(fromJson(toJson(EVERYTHING), DEFAULT_VIEW), { state: EVERYTHING, damaged: [] });
  assert.deepEqual(fromJson(toJson(DEFAULT_VIEW), EVERYTHING), { state: DEFAULT_VIEW, damaged: [] });
  assert.throws(() => fromJson('{"meta": {}}', DEFAULT_VIEW), /not a saved view/);
  assert.throws(() => fromJson('[', DEFAULT_VIEW), SyntaxError);
  const odd = fromJson('{"stratalensView": 1, "stride": "2", "pins": [{"ids": [], "color": 1}], "__proto__": 1, "color": "rank"}', DEFAULT_VIEW);
  assert.deepEqual(odd.state, { ...DEFAULT_VIEW, color: 'rank' });
  assert.deepEqual(odd.damaged, ['stride', 'pins', '__proto__']);
});

test('pins are set, unpinned, summed and taken apart', () => {
  const three = [4, 5, 6].reduce((pins, id) => withPinToggled(pins, id), DEFAULT_VIEW.pins as ViewState['pins']);
  assert.deepEqual(three.map(({ color }) => color), [0, 1, 2]);
  const grouped = withPinsGrouped(three, [2, 0]);
  assert.deepEqual(grouped, [{ ids: [4, 6], color: 0 }, { ids: [5], color: 1 }]);
  assert.equal(isPinned(grouped, 4), false);
  assert.deepEqual(withPinSplit(grouped, 0), [{ ids: [4], color: 0 }, { ids: [5], color: 1 }, { ids: [6], color: 2 }]);
  assert.equal(withPinsGrouped(three, [1]), three);
  assert.equal(withPinSplit(three, 1), three);
});

test('linked views follow each other without an echo, and ids cross only between equal vocabularies', () => {
  const [a, b] = [new Store(DEFAULT_VIEW), new Store(DEFAULT_VIEW)];
  let updates = 0;
  a.subscribe(() => updates++);
  const end = link(a, b, {
    sameVocabulary: false,
    forth: ({ layer, position }) => (position > 3 ? undefined : { layer: layer * 2, position: position + 1 }),
    back: ({ layer, position }) => ({ layer: layer / 2, position: position - 1 }),
  });
  a.update({ selected: { layer: 2, position: 1 }, positions: [1, 9], layerWindow: [0, 5], color: 'rank', pins: [{ ids: [1], color: 0 }] });
  assert.equal(updates, 1);
  assert.deepEqual(b.state.selected, { layer: 4, position: 2 });
  assert.deepEqual(b.state.positions, [2]);
  assert.deepEqual(b.state.layerWindow, [0, 10]);
  assert.equal(b.state.color, 'rank');
  assert.deepEqual(b.state.pins, []);
  b.update({ stride: 2 });
  assert.equal(a.state.stride, 2);
  a.update({ selected: { layer: 2, position: 9 } });
  assert.deepEqual(b.state.selected, { layer: 4, position: 2 }, 'a cell without a counterpart leaves the other view alone');
  b.hover.set({ layer: 4, position: 2 });
  assert.deepEqual(a.hover.value, { layer: 2, position: 1 });
  end();
  a.update({ stride: 5 });
  assert.equal(b.state.stride, 2);
});

test('a change goes through a chain of views, in both directions', () => {
  const [a, b, c] = [new Store(DEFAULT_VIEW), new Store(DEFAULT_VIEW), new Store(DEFAULT_VIEW)];
  link(a, b, { sameVocabulary: true, forth: ({ layer, position }) => ({ layer, position: position + 1 }), back: ({ layer, position }) => ({ layer, position: position - 1 }) });
  link(a, c, { sameVocabulary: true });
  c.update({ selected: { layer: 1, position: 1 }, color: 'rank' });
  assert.deepEqual([a, b, c].map(({ state }) => state.selected?.position), [1, 2, 1]);
  b.update({ selected: { layer: 1, position: 5 } });
  assert.deepEqual([a, b, c].map(({ state }) => state.selected?.position), [4, 5, 4]);
  assert.deepEqual([a, b, c].map(({ state }) => state.color), ['rank', 'rank', 'rank']);
});

class FakeWindow extends EventTarget {
  readonly replaced: string[] = [];
  readonly location = { hash: '#color=rank/stride=zwei', pathname: '/lens.html', search: '' };
  readonly history = { state: null, replaceState: (_: unknown, __: string, url: string) => void this.replaced.push(url) };
  pending: (() => void) | undefined;
  setTimeout(act: () => void): number {
    this.pending = act;
    return 1;
  }
  clearTimeout(): void {
    this.pending = undefined;
  }
}

test('the address follows two views, later and in one entry of the history, and they follow it', () => {
  const page = new FakeWindow();
  const views = [new Store(DEFAULT_VIEW), new Store(DEFAULT_VIEW)].map((store) => ({ store, first: DEFAULT_VIEW }));
  const told: string[][] = [];
  const end = keepInAddress(views, (fields) => told.push([...fields]), page as unknown as Window);
  const [a, b] = views.map(({ store }) => store) as [Store, Store];
  assert.equal(a.state.color, 'rank');
  assert.deepEqual(told, [['stride']]);
  b.update({ stride: 3 });
  b.update({ stride: 4 });
  assert.deepEqual(page.replaced, []);
  page.pending!();
  assert.deepEqual(page.replaced, ['#color=rank/stride=4']);
  page.location.hash = '#/stride=drei';
  page.dispatchEvent(new Event('hashchange'));
  assert.equal(a.state.color, 'top');
  assert.equal(told.length, 1, 'said once');
  page.pending!();
  assert.equal(page.replaced.at(-1), '/lens.html');
  end();
});
