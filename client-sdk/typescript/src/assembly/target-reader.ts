import { PositionTarget, type Target, type TargetChunk } from '../generated/stratalens/v1/lens_pb.js';
import { FINAL_TOP, NEXT_TOKEN, type WantedTarget } from '../request/target.js';
import type { TargetInfo } from '../result/info.js';
import type { Prediction, Token } from '../result/token.js';
import { require } from './broken-stream.js';
import type { HeaderReader } from './header-reader.js';

/** Puts target chunks together. */
export class TargetReader {
  readonly finalTops: Prediction[] = [];
  readonly targets: readonly (TargetInfo & { readonly ids: (number | undefined)[] })[];

  constructor(readonly head: HeaderReader) {
    this.targets = head.header.targets.map(({ tokenIds }, i) => {
      const wanted = wantedTarget(head.request.targets[i]!);
      const encoding = tokenIds.map((id) => head.vocabulary.get(id));
      checkEncoding(wanted, encoding);
      return { target: wanted, encoding, ids: [] };
    });
  }

  get isComplete(): boolean {
    return this.finalTops.length === this.head.positions.length;
  }

  /** The vocabulary id of a target at a position of the stream; undefined where there is none. */
  id(target: number, position: number): number | undefined {
    return this.targets[target]!.ids[position];
  }

  add({ firstPosition, positionCount, finalTopIds, finalTopLogProbs, targetIds, missing, newTokens }: TargetChunk): void {
    require(!this.isComplete, () => 'a target chunk came after the last position');
    const [next, m] = [this.finalTops.length, this.targets.length];
    const left = this.head.positions.length - next;
    require(firstPosition === next && positionCount >= 1 && positionCount <= left,
      () => `expected targets from position index ${next}, ${left} at most, but ${positionCount} from index ${firstPosition} came`);
    require(finalTopIds.length === positionCount && finalTopLogProbs.length === positionCount && targetIds.length === positionCount * m,
      () => `${m} targets at ${positionCount} positions came with ${finalTopIds.length} final ids, ${finalTopLogProbs.length} log-probabilities and ${targetIds.length} target ids`);
    this.head.vocabulary.add(newTokens);
    const absent = new Set(missing);
    for (let i = 0; i < positionCount; i++) {
      const top = this.head.vocabulary.get(finalTopIds[i]!);
      for (let target = 0; target < m; target++) {
        const at = i * m + target;
        const came = absent.delete(at) ? undefined : targetIds[at];
        this.#check(target, firstPosition + i, came, top);
        this.targets[target]!.ids.push(came);
      }
      this.finalTops.push({ token: top, logProb: finalTopLogProbs[i]! });
    }
    require(absent.size === 0, () => `targets that do not exist are said to be missing: ${[...absent]}`);
  }

  /** Compares the id of a target with what is known of it. */
  #check(target: number, position: number, came: number | undefined, top: Token): void {
    const expected = this.#expected(target, position, came, top);
    require(came === expected,
      () => `target ${target} at position ${this.head.positions[position]} should be token ${expected ?? 'none'}, but ${came ?? 'none'} came`);
    if (came !== undefined) this.head.vocabulary.get(came);
  }

  #expected(target: number, position: number, came: number | undefined, top: Token): number | undefined {
    const { target: wanted, encoding } = this.targets[target]!;
    if (wanted === NEXT_TOKEN) {
      const at = this.head.positions[position]!;
      const next = this.head.prompt.tokens[at + 1]?.id;
      return next === undefined && this.head.hasNext(at) ? came : next; // one that is yet to be told of is compared once it comes
    }
    return wanted === FINAL_TOP ? top.id : encoding[0]!.id;
  }
}

function wantedTarget({ token }: Target): WantedTarget {
  if (token.case === 'positionTarget') return token.value === PositionTarget.NEXT_TOKEN ? NEXT_TOKEN : FINAL_TOP;
  return token.value ?? '';
}

function checkEncoding(wanted: WantedTarget, encoding: readonly Token[]): void {
  if (wanted === NEXT_TOKEN || wanted === FINAL_TOP) return;
  const first = encoding[0];
  require(first !== undefined, () => `target ${wanted} came without tokens`);
  require(typeof wanted === 'string' || wanted === first.id, () => `target ${wanted} came as token ${first.id}`);
}
