/** What proves who calls. A function is called for each call. */
export interface Keys {
  /** Sent as `x-api-key`. */
  readonly apiKey?: string | (() => string);
  /** Sent as `authorization: Bearer`. */
  readonly bearerToken?: string | (() => string);
}

/** The headers of a call. @throws RangeError if a key cannot be a header */
export function headersOf({ apiKey, bearerToken }: Keys): () => Record<string, string> {
  return () => ({
    ...(apiKey === undefined ? {} : { 'x-api-key': valueOf('API key', apiKey) }),
    ...(bearerToken === undefined ? {} : { authorization: `Bearer ${valueOf('bearer token', bearerToken)}` }),
  });
}

/** A key as it is now. Errors do not show it. */
function valueOf(what: string, key: string | (() => string)): string {
  const value = typeof key === 'function' ? key() : key;
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new RangeError(`the ${what} has a character that a header cannot have, such as a line feed at its end; give the key alone`);
}
