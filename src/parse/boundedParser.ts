// Parses with a limit: a text whose parse costs far more than its length explains is given up.
import type { Parser, Tree } from '@vscode/tree-sitter-wasm';
import type { GrammarFault } from '../core/context';

/** The grammar cannot be used for the text of this path. */
export class GrammarFaultError extends Error {
  override readonly name = 'GrammarFaultError';
  constructor(
    readonly path: string,
    readonly fault: GrammarFault,
    options?: { cause?: unknown },
  ) {
    super(`the grammar cannot be used for ${path} (${fault})`, options);
  }
}

/** Processor time or any other time that only rises, in milliseconds. */
export type Clock = () => number;

/** What one parse of a text may cost: `base` and `perUnit` for each UTF-16 unit. */
interface Limit {
  readonly base: number;
  readonly perUnit: number;
}

// A step is a call of the runtime's progress callback, one per 100 operations: the same number on every machine. Real code takes 2
// to 18 steps per 1,000 units, damaged code up to 30.
const STEPS: Limit = { base: 1_000, perUnit: 0.1 };
// A step can be slow by itself. Real code takes about 0.001 ms per unit.
const MS: Limit = { base: 1_000, perUnit: 0.02 };
const STEPS_PER_LOOK = 8; // a look at the clock can cost more than a step
const ALL = 20; // what all parses may cost together, in limits of one

const limitOf = ({ base, perUnit }: Limit, length: number): number => base + perUnit * length;

/** One parser and what the parses of one text may still cost. */
export class BoundedParser {
  private steps = 0; // of all texts since the last `renew`
  private ms = 0;
  private longest = 0; // of these texts: a short version may not be charged for what the long ones cost

  constructor(
    private readonly parser: Parser,
    private readonly path: string,
    private readonly clock: Clock,
    private readonly onBroken: () => void,
  ) {}

  /**
   * @returns undefined if the text, or all texts since the last `renew`, reached the limit
   * @throws GrammarFaultError failed: the runtime broke, and no grammar of this process can be used any more
   */
  parse(text: string): Tree | undefined {
    const [mostSteps, mostMs] = [limitOf(STEPS, text.length), limitOf(MS, text.length)];
    this.longest = Math.max(this.longest, text.length);
    if (this.exhausted) return undefined;
    const begun = this.clock();
    let steps = 0;
    const progressCallback = (): boolean =>
      ++steps > mostSteps || (steps % STEPS_PER_LOOK === 0 && this.clock() - begun > mostMs);
    try {
      const tree = this.parser.parse(text, null, { progressCallback });
      if (!tree) this.parser.reset(); // else the next text would continue this one
      return tree ?? undefined;
    } catch (cause) {
      this.onBroken();
      throw new GrammarFaultError(this.path, 'failed', { cause });
    } finally {
      this.steps += steps;
      this.ms += this.clock() - begun;
    }
  }

  /** Whether the texts since the last `renew` reached the limit of all. */
  get exhausted(): boolean {
    return this.steps > ALL * limitOf(STEPS, this.longest) || this.ms > ALL * limitOf(MS, this.longest);
  }

  /** Allows the text its full cost again. */
  renew(): void {
    this.steps = this.ms = this.longest = 0;
  }
}
