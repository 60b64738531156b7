import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { promptFailureOf } from '../../src/call/status-reader.js';
import { LensError } from '../../src/errors.js';
import { ErrorInfoSchema, RetryInfoSchema } from '../../src/generated/google/rpc/error_details_pb.js';
import { StatusSchema } from '../../src/generated/google/rpc/status_pb.js';
import { ModelMemoryExceededSchema, QuotaExceededSchema, ReasonSchema } from '../../src/generated/stratalens/v1/errors_pb.js';

const info = (reason: string) => anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { domain: 'stratalens.dev', reason }));

test('every reason has a code', () => {
  for (const { name } of ReasonSchema.values.filter(({ number }) => number > 0)) {
    const reason = name.replace(/^REASON_/, '');
    // INTERNAL is the code of reasons that are not known.
    const error = promptFailureOf(create(StatusSchema, { code: 2, message: 'x', details: [info(reason)] }));
    assert.ok(error.code !== 'INTERNAL' || reason === 'INTERNAL_FAULT', reason);
  }
});

test('details', () => {
  const retry = create(RetryInfoSchema, { retryDelay: { seconds: 1n, nanos: 500_000_000 } });
  const error = promptFailureOf(create(StatusSchema, {
    code: 8,
    message: 'Ask again.',
    details: [info('QUOTA_EXCEEDED'), anyPack(QuotaExceededSchema, create(QuotaExceededSchema, { value: 60n })), anyPack(RetryInfoSchema, retry)],
  }));
  assert.equal(error.code, 'QUOTA_EXCEEDED');
  assert.equal(error.message, 'Ask again.');
  assert.equal(error.retryAfterMs, 1500);
  assert.ok(error.isRetryable);
  assert.deepEqual(error.detail, create(QuotaExceededSchema, { value: 60n }));
});

test('reasons and details of a newer server', () => {
  const unknown = { typeUrl: 'type.googleapis.com/stratalens.v1.New', value: new Uint8Array([1]) };
  const error = promptFailureOf(create(StatusSchema, { code: 9, message: 'Do that.', details: [info('SOMETHING_NEW'), unknown] }));
  assert.equal(error.code, 'REFUSED');
  assert.equal(error.message, 'Do that.');
  assert.ok(!error.isRetryable);
});

test('a model that never fits is not retryable', () => {
  const needing = (neededBytes: bigint) => new LensError('MODEL_MEMORY', '', { detail: create(ModelMemoryExceededSchema, { neededBytes, budgetBytes: 10n }) });
  assert.ok(needing(5n).isRetryable);
  assert.ok(!needing(20n).isRetryable);
});
