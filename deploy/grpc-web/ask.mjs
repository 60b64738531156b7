// Asks a server as a browser would, with fetch and by gRPC-Web: node ask.mjs URL
const url = process.argv[2];

/** A message of gRPC-Web: a byte of flags, four of length, the bytes. */
function framed(message) {
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  message.copy(frame, 5);
  return frame;
}

function* frames(body) {
  for (let at = 0; at < body.length; ) {
    const length = body.readUInt32BE(at + 1);
    yield { trailers: (body[at] & 0x80) !== 0, bytes: body.subarray(at + 5, at + 5 + length) };
    at += 5 + length;
  }
}

async function call(method, message) {
  const response = await fetch(`${url}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1', origin: 'http://page.test' },
    body: framed(message),
  });
  const all = [...frames(Buffer.from(await response.arrayBuffer()))];
  const trailers = all.filter((frame) => frame.trailers).map((frame) => frame.bytes.toString()).join('');
  const status = response.headers.get('grpc-status') ?? /grpc-status:\s*(\d+)/i.exec(trailers)?.[1];
  if (response.status !== 200 || status !== '0') {
    throw new Error(`${method}: HTTP ${response.status}, status ${status}: ${response.headers.get('grpc-message') ?? trailers}`);
  }
  return { origin: response.headers.get('access-control-allow-origin'), messages: all.filter((frame) => !frame.trailers) };
}

/** A field with a length: its number, its bytes. */
const field = (number, bytes) => Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);

const info = await call('stratalens.v1.ServerService/GetServerInfo', Buffer.alloc(0));
if (!info.messages[0].bytes.includes('stratalens.v1')) throw new Error('the server does not say which contract it speaks');
if (info.origin !== 'http://page.test') throw new Error(`the page may not read the answer: ${info.origin}`);

const analysis = await call('stratalens.v1.LensService/Analyze', field(2, field(1, Buffer.from('The capital of France is'))));
const text = Buffer.concat(analysis.messages.map((message) => message.bytes));
if (!text.includes(' Paris')) throw new Error('the answer does not have the token Paris');
console.log(`gRPC-Web: server info, and an analysis of ${analysis.messages.length} messages with ${text.length} bytes`);
