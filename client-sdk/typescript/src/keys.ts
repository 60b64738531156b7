/** What proves who calls. A function is called for each call. */
export interface Keys {
  /** Sent as `x-api-key`. */
  readonly apiKey?: string | (() => string);
  /** Sent as `authorization: Bearer`. */
  readonly bearerToken?: string | (() => string);
}

/** The headers of a call. */
export function headersOf({ apiKey, bearerToken }: Keys): () => Record<string, string> {
  const now = (value: string | (() => string)) => (typeof value === 'function' ? value() : value);
  return () => ({
    ...(apiKey === undefined ? {} : { 'x-api-key': now(apiKey) }),
    ...(bearerToken === undefined ? {} : { authorization: `Bearer ${now(bearerToken)}` }),
  });
}
