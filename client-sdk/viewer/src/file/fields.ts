import { FileError, shown } from './file-error.js';

/** An object of a JSON file, with access to fields by name and type. */
export class Fields {
  readonly path: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new FileError(`${path}: expected an object, found ${shown(value)}`);
    }
    this.path = path;
    this.#values = value as Record<string, unknown>;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#values, key);
  }

  keys(): string[] {
    return Object.keys(this.#values);
  }

  /** The value as it is. */
  get(key: string): unknown {
    if (!this.has(key)) throw new FileError(`${this.path}: the key "${key}" is missing`);
    return this.#values[key];
  }

  object(key: string): Fields {
    return new Fields(this.get(key), `${this.path}.${key}`);
  }

  list(key: string): readonly unknown[] {
    const value = this.get(key);
    return Array.isArray(value) ? value : this.#wrong(key, 'an array');
  }

  objects(key: string): Fields[] {
    return this.list(key).map((value, i) => new Fields(value, `${this.path}.${key}[${i}]`));
  }

  string(key: string): string {
    const value = this.get(key);
    return typeof value === 'string' ? value : this.#wrong(key, 'a string');
  }

  strings(key: string): string[] {
    const list = this.list(key);
    return list.every((value) => typeof value === 'string') ? (list as string[]) : this.#wrong(key, 'an array of strings');
  }

  boolean(key: string): boolean {
    const value = this.get(key);
    return typeof value === 'boolean' ? value : this.#wrong(key, 'true or false');
  }

  integer(key: string): number {
    const value = this.get(key);
    return Number.isInteger(value) ? (value as number) : this.#wrong(key, 'an integer');
  }

  /** A number; null is NaN, and the names of the infinities are infinite. */
  number(key: string): number {
    return numberOf(this.get(key)) ?? this.#wrong(key, 'a number');
  }

  #wrong(key: string, expected: string): never {
    throw new FileError(`${this.path}.${key}: expected ${expected}, found ${shown(this.get(key))}`);
  }
}

/** The number that a JSON value stands for; undefined if none. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value === null) return NaN;
  if (value === 'Infinity') return Infinity;
  return value === '-Infinity' ? -Infinity : undefined;
}
