/** The shortest decimal that reads back to the same float32, as JSON writes numbers. */
export function float32Text(value: number): string {
  if (Number.isNaN(value)) return 'null';
  if (!Number.isFinite(value)) return `"${value}"`;
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  let digits = 7; // most values need 7 or 8, none more than 9
  while (!reads(value, digits)) digits++;
  while (digits > 1 && reads(value, digits - 1)) digits--;
  return String(Number(value.toPrecision(digits)));
}

function reads(value: number, digits: number): boolean {
  return Math.fround(Number(value.toPrecision(digits))) === value;
}
