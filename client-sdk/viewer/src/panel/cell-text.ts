import type { Lens } from '../lens/lens.js';

/** A cell as tab-separated lines, one for each prediction; texts as JSON, so that white space and tabs in them survive. */
export function cellText(lens: Lens, l: number, p: number): string {
  const lines = Array.from({ length: lens.run.k }, (_, place) => {
    const { token, logProb } = lens.prediction(l, p, place);
    const numbers = [Math.exp(logProb), logProb, logProb + lens.logSumExp(l, p)];
    return [place + 1, token.id, JSON.stringify(token.text), JSON.stringify(token.raw), ...numbers].join('\t');
  });
  return [['rank', 'id', 'text', 'raw', 'probability', 'log_prob', 'logit'].join('\t'), ...lines].join('\n');
}
