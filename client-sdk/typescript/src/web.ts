import { REPEATABLE } from './call/repeatable.js';
import { RetryingTransport } from './call/retry.js';
import { WebTransport } from './call/web-transport.js';
import { LensClient } from './client.js';
import { headersOf, type Keys } from './keys.js';

export * from './api.js';

/** How a page connects. */
export interface WebOptions extends Keys {
  /** Largest message that is taken; 4 MiB unless set. */
  readonly maxMessageBytes?: number;
}

/**
 * Makes a client of a server behind a gRPC-Web proxy, for pages in browsers. A batch takes a few calls at a time.
 *
 * @param url of the proxy, such as `https://lens.example.org:8443`
 * @throws RangeError if it is no URL of a proxy, or a key would be sent in plain text beyond this machine
 */
export function connect(url: string, options: WebOptions = {}): LensClient {
  const { protocol, hostname } = addressOf(url);
  const hasKey = options.apiKey !== undefined || options.bearerToken !== undefined;
  if (hasKey && protocol !== 'https:' && !/^(localhost|127(\.\d+){3}|\[::1])$/.test(hostname)) {
    throw new RangeError('a key is not sent in plain text beyond this machine; give a URL that begins with https:');
  }
  const web = new WebTransport({ url, headers: headersOf(options), maxMessageBytes: options.maxMessageBytes ?? 4 * 1024 * 1024 });
  return new LensClient(new RetryingTransport(web, (method) => Object.values(REPEATABLE).flat().includes(method)));
}

function addressOf(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol === 'https:' || address?.protocol === 'http:') return address;
  throw new RangeError(`'${url}' is no URL of a gRPC-Web proxy; give one such as https://lens.example.org:8443`);
}
