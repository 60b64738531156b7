import { fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { LensError } from '../errors.js';

/** The bytes of a request. */
export function encoded<I extends DescMessage>(schema: I, request: MessageShape<I>): Uint8Array {
  try {
    return toBinary(schema, request);
  } catch (error) {
    throw new LensError('INVALID_REQUEST', `The request cannot be sent: ${(error as Error).message}. Give this field a value of its type.`, { cause: error });
  }
}

/** The message of a server's bytes. */
export function decoded<O extends DescMessage>(schema: O, bytes: Uint8Array): MessageShape<O> {
  try {
    return fromBinary(schema, bytes);
  } catch (error) {
    throw new LensError('BROKEN_STREAM', "The server's answer is no message that can be read. Check that client and server are of the same version.", { cause: error });
  }
}
