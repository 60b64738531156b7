import { strict as assert } from 'node:assert';
import { describe, test, type TestContext } from 'node:test';
import { ask, connect, FINAL_TOP, LensError, nativeJson, NEXT_TOKEN, promptMessage, type LensClient } from '../../src/index.js';
import { connect as connectWeb } from '../../src/web.js';
import { contract } from '../../src/api.js';
import { proxyUrl, serverAddress } from '../support/servers.js';

const CAPITAL = 'The capital of France is';
const COUNT = 'one two three one two';

const CLIENTS: Record<string, () => LensClient> = {
  'over gRPC': () => connect(serverAddress(), { plaintext: true }),
  'over gRPC-Web': () => connectWeb(proxyUrl()),
};

for (const [name, make] of Object.entries(CLIENTS)) {
  const opened = (t: TestContext) => {
    const client = make();
    t.after(() => client.close());
    return client;
  };

  describe(name, () => {
    test('a complete result', async (t) => {
      const result = await opened(t).analyze(CAPITAL, { targets: [' Paris', NEXT_TOKEN] });
      const { info } = result;
      const last = info.lastPosition;
      const deepest = result.layers.at(-1)!.number;
      assert.equal(info.tokens.length, 6);
      assert.equal(info.prompt, CAPITAL);
      assert.equal(result.top(deepest, last)[0]!.token.text, ' Paris');
      assert.ok(result.entropy.at(deepest, last) < result.entropy.at(3, last));
      assert.equal(result.ranks(' Paris').at(deepest, last), 1);
      assert.ok(result.ranks(' Paris').at(0, last) > 100);
      assert.equal(result.layer(0).rank(NEXT_TOKEN, last), undefined);
      assert.ok(result.crystallizationLayer(last)! >= 4);
      const paris = info.targets[0]!.encoding[0]!.id;
      assert.equal(result.trajectory(paris, last)![deepest], result.targetLogProbs(' Paris').at(deepest, last));
      assert.equal(result.summary.selfCheck?.top1Agrees, true);
    });

    test('parts of the model', async (t) => {
      const result = await opened(t).analyze(CAPITAL, {
        lenses: ['logit', 'raw'], layers: { first: -2, last: -1 }, positions: -1, sites: ['embedding', 'feed-forward-output', 'block-output'],
        targets: [FINAL_TOP], attribution: true, exact: true, topK: 3,
      });
      assert.equal(result.lenses.length, 2);
      assert.equal(result.info.points.length, 5);
      assert.deepEqual(result.info.positions, [5]);
      const attribution = result.attribution!;
      const shares = attribution.parts.map((part) => attribution.share(part, FINAL_TOP, 5));
      const sum = shares.reduce((one, other) => one + other, attribution.biasShare(FINAL_TOP, 5));
      assert.ok(Math.abs(sum - attribution.logit(FINAL_TOP, 5)) < 0.01);
    });

    test('other candidates, at all sites', async (t) => {
      const result = await opened(t).analyze(CAPITAL, { allSites: true, candidates: { rule: { case: 'words', value: {} } } });
      assert.equal(result.info.points[0]!.site, 'embedding');
      assert.ok(result.info.points.length > 2 * result.info.model.blockCount);
      assert.equal(nativeJson(result)['candidates'], 'words');
    });

    test('a call that has no function', async (t) => {
      let tokens = 0;
      for await (const { chunk } of opened(t).call(contract.ModelService.method.tokenize, { prompt: promptMessage(CAPITAL) })) tokens += chunk!.tokenIds.length;
      assert.equal(tokens, 6);
    });

    test('layers as they come', async (t) => {
      const stream = opened(t).stream(CAPITAL);
      const { model } = await stream.info();
      const numbers = [];
      for await (const layer of stream) numbers.push(layer.number);
      assert.deepEqual(numbers, [...Array(model.blockCount).keys()]);
      assert.equal((await stream.result()).layers.length, model.blockCount);
    });

    test('a canceled stream', async (t) => {
      const stop = new AbortController();
      const stream = opened(t).stream(`${CAPITAL} `.repeat(60), { signal: stop.signal });
      await stream.info();
      stop.abort();
      await assert.rejects(stream.result(), (error) => error instanceof LensError && error.code === 'CANCELLED');
    });

    test('a loop that is left early', async (t) => {
      const client = opened(t);
      const stream = client.stream(`${CAPITAL} `.repeat(60));
      for await (const layer of stream) {
        assert.equal(layer.number, 0);
        break;
      }
      await assert.rejects(stream.result(), (error) => error instanceof LensError && error.code === 'CANCELLED');
      assert.equal((await client.models()).length, 1);
    });

    test('a batch', async (t) => {
      const prompts = Array.from({ length: 60 }, (_, i) => [CAPITAL, 'The capital of Italy is', ''][i % 3]!);
      const expected = [' Paris', ' Rome', undefined];
      const came = new Set<number>();
      const requests = prompts.map((prompt) => ask(prompt, { topK: 1, trajectories: false }));
      for await (const { index, result, error } of opened(t).batch(requests)) {
        came.add(index);
        assert.equal(result?.info.finalTops.at(-1)!.token.text, expected[index % 3]);
        if (index % 3 === 2) {
          assert.equal(error?.code, 'INVALID_REQUEST');
          assert.equal((error?.detail as contract.InvalidField).field, 'prompt.text');
        }
      }
      assert.equal(came.size, 60);
    });

    test('a batch that is left early has pulled no more than is in flight', async (t) => {
      const client = opened(t);
      const inFlight = Math.max(16, (await client.serverInfo()).limits!.batchWindow);
      let [pulled, taken, most] = [0, 0, 0];
      async function* requests() {
        for (;;) {
          most = Math.max(most, ++pulled - taken);
          yield ask(CAPITAL);
        }
      }
      for await (const { error } of client.batch(requests())) {
        assert.equal(error, undefined);
        if (++taken === 20) break;
      }
      assert.ok(most <= inFlight + 1, `${most} were pulled and not taken, with ${inFlight} in flight`);
    });

    test('a generation, token by token', async (t) => {
      const [client, words] = [opened(t), [] as string[]];
      const stream = client.generate(COUNT, { maxTokens: 3, targets: [NEXT_TOKEN] });
      for await (const { text, token, position, chosenFrom } of stream) {
        words.push(text);
        assert.deepEqual(chosenFrom[0]!.layer(9).best(position - 1).token, token);
      }
      assert.deepEqual(words, [' three', ' four', ' five']);
      const { reading, text, seed, stopReason } = await stream.result();
      assert.equal(reading.info.prompt, COUNT + text);
      assert.equal(seed, undefined);
      assert.equal(stopReason, contract.StopReason.MAX_TOKENS);
      const whole = await client.analyze(COUNT + text, { targets: [NEXT_TOKEN] });
      assert.deepEqual(reading.info.tokens, whole.info.tokens);
      assert.deepEqual(reading.info.targets, whole.info.targets);
      for (const layer of reading.layers) {
        for (const position of reading.info.positions) assert.deepEqual(layer.best(position).token, whole.layer(layer.number).best(position).token);
      }
    });

    test('drawn and forced tokens, and a stop text', async (t) => {
      const client = opened(t);
      const drawn = await client.generate(COUNT, { maxTokens: 5, sampling: { seed: 2n ** 63n, temperature: 2 }, forced: [5] }).result();
      assert.equal(drawn.seed, 2n ** 63n);
      assert.ok(drawn.tokens[0]!.forced && drawn.tokens[0]!.token.id === 5);
      assert.equal((await client.generate(COUNT, { maxTokens: 5, sampling: { seed: 2n ** 63n, temperature: 2 }, forced: [5] }).result()).text, drawn.text);
      const stopped = await client.generate(COUNT, { stopTexts: ['five'] }).result();
      assert.equal(stopped.stopReason, contract.StopReason.STOP_TEXT);
      assert.ok(stopped.text.endsWith('five'));
    });

    test('a generation that is left early', async (t) => {
      const stream = opened(t).generate(COUNT, { ignoreEndTokens: true });
      for await (const { text } of stream) {
        assert.equal(text, ' three');
        break;
      }
      await assert.rejects(stream.result(), (error) => error instanceof LensError && error.code === 'CANCELLED');
    });

    test('a failure', async (t) => {
      await assert.rejects(opened(t).analyze(CAPITAL, { model: 'other' }), (error) => {
        assert.ok(error instanceof LensError && error.code === 'UNKNOWN_MODEL' && !error.isRetryable);
        assert.deepEqual((error.detail as contract.UnknownModel).served, ['demo']);
        return true;
      });
    });

    test('the server', async (t) => {
      const client = opened(t);
      assert.equal((await client.serverInfo()).apiVersion, 'stratalens.v1');
      assert.deepEqual((await client.models()).map((model) => model.name), ['demo']);
    });
  });
}
