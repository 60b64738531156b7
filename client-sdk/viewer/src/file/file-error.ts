/** A file that is not what it should be; the message names the place, what is expected and what is there. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** Refuses what does not hold. */
export function require(holds: boolean, message: string): asserts holds {
  if (!holds) throw new FileError(message);
}

/** A value as a message shows it: short, and on one line. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
