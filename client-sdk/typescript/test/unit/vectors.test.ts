import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { Assembler } from '../../src/assembly/assembler.js';
import { LensError } from '../../src/errors.js';
import { nativeJson } from '../../src/file/native-json.js';
import { compare, sameJson, type Native } from '../support/native.js';
import { nativeResult, vector, vectorNames } from '../support/vector.js';

test('there are vectors', () => assert.ok(vectorNames().length >= 60));

for (const name of vectorNames()) {
  const { request, events, outcome } = vector(name);
  test(`${name}: ${outcome.because}`, () => {
    const read = () => {
      const assembler = new Assembler(request);
      for (const event of events) assembler.add(event);
      return assembler.finish();
    };
    if (outcome.outcome === 'broken') {
      assert.throws(read, (error) => error instanceof LensError && error.code === 'BROKEN_STREAM');
    } else {
      const [result, file] = [read(), nativeResult(name)];
      compare(file as Native, result);
      sameJson(nativeJson(result), file);
    }
  });
}
