/** A probability for a reader: `42.1 %`, `0.03 %`, `1.2e-7`. */
export function percent(probability: number): string {
  if (Number.isNaN(probability)) return '–';
  if (probability >= 0.0995) return `${(100 * probability).toFixed(1)} %`;
  if (probability >= 0.0001) return `${(100 * probability).toFixed(2)} %`;
  return probability === 0 ? '0 %' : probability.toExponential(1);
}

/** A number in nats, or a logit: two or three decimals and a true minus; `–` if there is none. */
export function decimal(value: number): string {
  if (Number.isNaN(value)) return '–';
  return value.toFixed(Math.abs(value) < 0.1 && value !== 0 ? 3 : 2).replace('-', '−');
}

/** A count with thin groups: `12 345`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}
