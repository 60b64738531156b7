import { LensError } from '../errors.js';

/** Refuses what contradicts the contract unless the condition holds; the message says what was expected and what came. */
export function require(holds: boolean, message: () => string): asserts holds {
  if (!holds) throw brokenStream(message());
}

export function brokenStream(message: string): LensError {
  return new LensError(
    'BROKEN_STREAM',
    `The server's answer cannot be used: ${message}. Nothing of it was kept; if client and server are of the same version, report it.`,
  );
}
