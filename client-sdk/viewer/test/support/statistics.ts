import type { Statistic } from '../../src/lens/lens.js';

const nats = { unit: 'nats', minimum: 0, maximum: undefined, direction: 'less_is_surer', meaning: 'Of a test.', remark: undefined } as const;

/** Statistics as a result describes them, by name. */
export const DESCRIBED: Readonly<Record<string, Statistic>> = {
  'log-sum-exp': { ...nats, name: 'log-sum-exp', label: 'log-sum-exp', minimum: undefined, direction: 'neutral' },
  entropy: { ...nats, name: 'entropy', label: 'entropy' },
  'kl-from-final': { ...nats, name: 'kl-from-final', label: 'KL from final' },
  'kl-from-next': { ...nats, name: 'kl-from-next', label: 'KL from next', remark: 'About doubles the cost of the lens.' },
};

/** What no version of the page has heard of. */
export const MADE_UP: Statistic = {
  name: 'made-up', label: 'made-up lead', unit: 'bits', minimum: 0, maximum: 8, direction: 'more_is_surer',
  meaning: 'How far ahead something is.', remark: undefined,
};
