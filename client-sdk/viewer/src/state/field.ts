/** Writes one field of the state into a fragment, and checks a text or a JSON value for it. */
export interface Field<T> {
  /** Uses only characters that a fragment may hold unescaped. */
  write(value: T): string;
  /** The value of the text, unchecked. */
  read(text: string): unknown;
  /** Whether an outside value is valid for the field. */
  allows(value: unknown): boolean;
}

export const text = (longest: number): Field<string> => ({
  write: encodeURIComponent,
  read: decodeURIComponent,
  allows: (value) => typeof value === 'string' && value.length <= longest,
});

export const choice = <T extends string>(...options: readonly T[]): Field<T> => ({
  write: (value) => value,
  read: (written) => written,
  allows: (value) => options.includes(value as T),
});

/** A name of the page's or of a statistic; which ones there are, only the result knows. */
export const name: Field<string> = {
  write: (value) => value,
  read: (written) => written,
  allows: (value) => typeof value === 'string' && /^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(value),
};

export const integer = (least: number, most: number): Field<number> => ({
  write: String,
  read: (written) => (/^(0|-?[1-9]\d*)$/.test(written) ? Number(written) : undefined),
  allows: (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most,
});

export const optional = <T>(field: Field<T>): Field<T | undefined> => ({
  write: (value) => (value === undefined ? '' : field.write(value)),
  read: (written) => (written === '' ? undefined : (field.read(written) ?? Number.NaN)),
  allows: (value) => value === undefined || field.allows(value),
});

/** Several of the same; the separator must not occur in one of them. */
export const list = <T>(field: Field<T>, separator: string, most: number): Field<readonly T[]> => ({
  write: (values) => values.map(field.write).join(separator),
  read: (written) => (written === '' ? [] : written.split(separator).map(field.read)),
  allows: (value) => Array.isArray(value) && value.length <= most && value.every(field.allows),
});

/** An object with two fields, in their order. */
export const pair = <T extends object>(
  fields: { readonly [K in keyof T]: Field<T[K]> },
  separator: string,
): Field<T> => {
  const names = Object.keys(fields) as (keyof T)[];
  return {
    write: (value) => names.map((name) => fields[name].write(value[name])).join(separator),
    read: (written) => {
      const parts = written.split(separator);
      return parts.length === names.length
        ? Object.fromEntries(names.map((name, at) => [name, fields[name].read(parts[at]!)]))
        : undefined;
    },
    allows: (value) =>
      typeof value === 'object' &&
      value !== null &&
      names.every((name) => fields[name].allows((value as T)[name])) &&
      Object.keys(value).length === names.length,
  };
};
