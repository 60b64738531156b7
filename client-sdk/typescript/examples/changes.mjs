// Looks for where a fact is recalled, and watches the model write: node changes.mjs HOST:PORT PROMPT SOURCE WORD OTHER
import { connect, display, interventions, LensError, metrics, promptMessage } from 'stratalens';

const [address, prompt, source, word, other] = process.argv.slice(2);
const client = connect(address, { plaintext: true });
try {
  // Each row alone is replaced by that of the source prompt: how far is the word ahead of the other then?
  const sweep = await client.sweep({
    prompt: promptMessage(prompt),
    intervention: interventions.replaceFrom(source),
    metric: metrics.logitDifference(word, other),
  });
  const { layers, positions, unchanged } = sweep.header;
  for (const layer of layers) {
    const changes = positions.map((position) => `${display(sweep.tokens[position])} ${signed(sweep.at(layer, position) - unchanged)}`);
    console.log(`layer ${String(layer).padStart(2)} ${changes.join(' ')}`);
  }
  for await (const { token: chosen, settledFrom } of client.generate(prompt, { maxTokens: 20 })) {
    console.log(`${display(chosen)}: ${settledFrom === undefined ? 'not settled' : `settled from layer ${settledFrom}`}`);
  }
} catch (error) {
  if (!(error instanceof LensError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  client.close();
}

function signed(change) {
  return `${change < -0.05 ? '' : '+'}${Math.abs(change) < 0.05 ? '0.0' : change.toFixed(1)}`;
}
