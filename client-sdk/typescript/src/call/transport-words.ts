import { TOO_LATE } from './ended.js';
import { StatusCode } from './status-code.js';

const CONNECTION_REMEDY
  = 'Check that the server runs, its host and port, whether it speaks TLS or plain text, and with TLS that its certificate is trusted.';

/** Faults of the connection by signs in the texts of gRPC and of Node.js; $1 is the first group. */
const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/HTTP status code:? (\d+)|HTTP (\d+)/,
    'What answers is a web server or a proxy and no gRPC server: it says HTTP $1. Check the address, and that proxies on the way pass gRPC on.'],
  [/wrong version number|packet length too long/, 'The server speaks plain text, and this client TLS. Ask for plain text, or for a port with TLS.'],
  [/altnames/, "The server's certificate is for another host. Ask by a name that the certificate has."],
  [/self-signed certificate|unable to verify|unable to get (local )?issuer/,
    "The server's certificate is not trusted. Give the client the certificate of its authority."],
  [/certificate required|bad certificate/, 'The server wants a certificate of its clients that it trusts. Give the client one.'],
  [/the answer is of the type (.*)/, 'What answers is no gRPC-Web proxy: its answer is of the type $1. Check the address.'],
  [/Protocol error|HTTPParserError/, 'What answers does not speak gRPC in plain text. Use TLS if it does, and check the port.'],
  [/Name resolution failed|ENOTFOUND|EAI_AGAIN/, 'There is no host of this name. Check the address.'],
  [/ECONNREFUSED (\S+?)\.?(?=\s|$)/, 'Nothing listens at $1. Check that the server runs, its host and port.'],
  [/EHOSTUNREACH|ENETUNREACH/, 'The host cannot be reached from here. Check the address and the network.'],
  [/ETIMEDOUT/, 'Nothing answers at that address. Check the address, and the firewalls on the way.'],
  [/larger than max/, 'A message is larger than this client takes. Raise its limit with maxMessageBytes, or ask for fewer positions.'],
  [/Waiting for LB pick/, `The deadline passed before there was a connection. ${CONNECTION_REMEDY}`],
  [/No connection established/, `There is no connection. ${CONNECTION_REMEDY}`],
];

/** Puts a failure that no server gave a reason for into words with a remedy. */
export function inWords(code: number, said: string): string {
  for (const [sign, words] of FAULTS) {
    const found = sign.exec(said);
    if (found !== null) return words.replace('$1', found[1] ?? found[2] ?? '');
  }
  const sentence = said.replace(/\.$/, '') || `The call ended with the status ${code} of gRPC, without a word`;
  if (code === StatusCode.DEADLINE_EXCEEDED) return TOO_LATE;
  if (code === StatusCode.UNAVAILABLE) return `${sentence}. ${CONNECTION_REMEDY}`;
  if (code === StatusCode.UNIMPLEMENTED) return `${sentence}. Check that this is a Stratalens server of the client's version.`;
  return said || `${sentence}.`;
}
