import { readFileSync } from 'node:fs';
import { credentials, type ChannelCredentials } from '@grpc/grpc-js';
import { GrpcTransport } from './call/grpc-transport.js';
import { SERVICE_CONFIG } from './call/repeatable.js';
import { LensClient } from './client.js';
import { headersOf, type Keys } from './keys.js';

/** How a client connects. */
export interface ConnectOptions extends Keys {
  /** Speaks without TLS. */
  readonly plaintext?: boolean;
  /** A PEM file of authorities to trust in place of the system's. */
  readonly trustCertificates?: string;
  /** PEM files of a certificate that the client shows to the server, and of its key. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string };
  /** How long a connection may be silent before it is asked for a sign of life, in milliseconds; 25,000 unless set. */
  readonly keepAliveMs?: number;
  /** Largest message that is taken; 4 MiB unless set. */
  readonly maxMessageBytes?: number;
}

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:(\/\/.*|\/.*|[^0-9].*)$/;
const HOST_AND_PORT = /^(\[.+]|[^:/,[\]]+):[0-9]{1,5}$/;

/**
 * Makes a client of a server, in Node.js. The target is `host:port`, or a name that gRPC resolves, such as
 * `dns:///replicas.example:50061`: calls are spread over all of its addresses. A client speaks TLS unless told otherwise, and
 * connects with its first call.
 *
 * @throws RangeError if the target is not `host:port`, or a key would be sent in plain text beyond this machine
 * @throws Error if a file of certificates cannot be read
 */
export function connect(target: string, options: ConnectOptions = {}): LensClient {
  if (/^https?:/i.test(target)) {
    throw new RangeError(`the target '${target}' is a URL; give host:port alone, such as localhost:50061. A gRPC-Web proxy has a URL: connect to it with stratalens/web`);
  }
  if (!SCHEME.test(target) && !(HOST_AND_PORT.test(target) && Number(target.slice(target.lastIndexOf(':') + 1)) <= 65_535)) {
    throw new RangeError(`the target '${target}' is not host:port; give one address with its port, such as localhost:50061, or dns:///NAME:PORT for a name of several addresses`);
  }
  const hasKey = options.apiKey !== undefined || options.bearerToken !== undefined;
  if (hasKey && options.plaintext && !staysOnThisMachine(target)) {
    throw new RangeError('a key is not sent in plain text beyond this machine; use TLS: leave plaintext out');
  }
  const keepAlive = options.keepAliveMs ?? 25_000;
  const transport = new GrpcTransport(target, credentialsOf(options), {
    'grpc.service_config': JSON.stringify(SERVICE_CONFIG),
    'grpc.service_config_disable_resolution': 1,
    'grpc.keepalive_time_ms': keepAlive,
    'grpc.keepalive_timeout_ms': keepAlive,
    'grpc.max_receive_message_length': options.maxMessageBytes ?? 4 * 1024 * 1024,
    'grpc.primary_user_agent': 'stratalens-typescript',
  }, headersOf(options));
  return new LensClient(transport);
}

function credentialsOf({ plaintext, trustCertificates, clientCertificate }: ConnectOptions): ChannelCredentials {
  if (plaintext) return credentials.createInsecure();
  return credentials.createSsl(pem('CERTIFICATE', trustCertificates), pem('PRIVATE KEY', clientCertificate?.key), pem('CERTIFICATE', clientCertificate?.certificate));
}

/** The bytes of a PEM file. */
function pem(what: 'CERTIFICATE' | 'PRIVATE KEY', file: string | undefined): Buffer | null {
  if (file === undefined) return null;
  const bytes = readFileSync(file);
  if (!new RegExp(`-----BEGIN [A-Z ]*${what}-----`).test(bytes.toString('latin1'))) throw new Error(`${file} holds no ${what.toLowerCase()} in PEM form`);
  return bytes;
}

/** Whether a target is a loopback address or a socket of the file system. */
function staysOnThisMachine(target: string): boolean {
  return /^unix(-abstract)?:/.test(target) || /^([a-z]+:\/*)?(localhost|127(\.\d+){3}|\[::1]):\d+$/.test(target);
}
