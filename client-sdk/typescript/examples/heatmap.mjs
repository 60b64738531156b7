// Prints the best token of each layer at each position, on a color that says how probable it is: node heatmap.mjs HOST:PORT PROMPT
import { connect, display, probability } from 'stratalens';

/** Dark blue to yellow, of the 256 colors of terminals. */
const COLORS = [17, 24, 30, 72, 113, 185, 227];

const [address, prompt] = process.argv.slice(2);
if (prompt === undefined) {
  console.error('usage: node heatmap.mjs HOST:PORT PROMPT');
  process.exit(2);
}

/** Cuts or fills a text to ten characters, with a space on both sides. */
function cell(text) {
  const characters = [...text];
  const shown = characters.length > 10 ? [...characters.slice(0, 9), '…'] : characters;
  return ` ${shown.join('')}${' '.repeat(11 - shown.length)}`;
}

function painted(text, share) {
  const color = COLORS[Math.min(Math.floor(share * COLORS.length), COLORS.length - 1)];
  return `\x1b[38;5;${color >= 72 ? 16 : 231};48;5;${color}m${text}\x1b[0m`;
}

const client = connect(address, { plaintext: true });
const stop = new AbortController();
process.once('SIGINT', () => stop.abort()); // cancels the work on the server, too
try {
  const stream = client.stream(prompt, { topK: 1, trajectories: false, signal: stop.signal });
  const { tokens, positions } = await stream.info();
  console.log(' '.repeat(8) + positions.map((position) => cell(display(tokens[position]))).join(''));
  for await (const layer of stream) { // each as soon as it is there
    const cells = positions.map((position) => layer.best(position));
    console.log(`layer ${String(layer.number).padStart(2)}${cells.map((best) => painted(cell(display(best.token)), probability(best))).join('')}`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  client.close();
}
