/** An error in a file. The message names the place, the expected and the found value. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** Throws a FileError unless a condition holds. */
export function require(holds: boolean, message: string): asserts holds {
  if (!holds) throw new FileError(message);
}

/** A value as a message shows it: short, and on one line. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
