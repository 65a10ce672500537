// A seeded source of random values, and mutations of structured data.

export class RandomSource {
  constructor(private state: number) {}

  /** From 0 up to, but not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0 to n - 1. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** One of a list. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** True with probability `share`. */
  happens(share: number): boolean {
    return this.next() < share;
  }

  /** A list of random length, at most `most`. */
  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

const UNITS = [
  ...'aZ_0 \t\n\r',
  '\r\n',
  ...'"\'`\\/*#<{}()[];:,.-=…é',
  ...['e\u0301', '漢', '😀', '👩‍👩‍👧', '\ud800', '\udc00', '\u0000', '\u200b', '\u2028', '\ufeff', '\u0085', '\uffff'],
  ...['<|endoftext|>', '//12… #k3fa', '\x1b[31m'],
];

/** Up to `most` random pieces: letters, punctuation, unusual Unicode, special tokens. */
export function randomText(random: RandomSource, most = 40): string {
  let text = '';
  for (let n = random.below(most + 1); n > 0; n--) {
    const kind = random.below(12);
    text +=
      kind === 0
        ? String.fromCharCode(random.below(0x10000))
        : kind === 1
          ? random.pick(UNITS).repeat(random.below(60))
          : random.pick(UNITS);
  }
  return text;
}

const VALUES: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -1,
  1.5,
  1e308,
  NaN,
  Infinity,
  -0,
  '',
  'x',
  '__proto__',
  'constructor',
  'toString',
  [],
  [null],
  {},
  { length: 1e9 },
  2 ** 53,
  '0.5',
  new Date(0),
];

/** A value of any type that JSON or an attacker may give. */
export function randomValue(random: RandomSource): unknown {
  // A copy: a mutation must not reach the next input.
  return random.happens(0.2) ? randomText(random, 8) : structuredClone(random.pick(VALUES));
}

/** A copy with some values replaced, removed, doubled or moved to another key. */
export function mutated(value: unknown, random: RandomSource, times = 1 + random.below(3)): unknown {
  let copy = structuredClone(value);
  for (; times > 0; times--) {
    const places: [object, string][] = [];
    const walk = (at: unknown, depth: number): void => {
      if (typeof at !== 'object' || at === null || depth > 6) return;
      const keys = Object.keys(at);
      for (const key of keys.length > 30 ? Array.from({ length: 10 }, () => random.pick(keys)) : keys) {
        places.push([at, key]);
        walk((at as Record<string, unknown>)[key], depth + 1);
      }
    };
    walk(copy, 0);
    if (!places.length || random.happens(0.03)) {
      copy = randomValue(random);
      continue;
    }
    const [holder, key] = random.pick(places) as [Record<string, unknown>, string];
    const how = random.below(5);
    if (how === 0) delete holder[key];
    else if (how === 1) holder[randomText(random, 2)] = structuredClone(holder[key]);
    else if (how === 2) holder[key] = [structuredClone(holder[key]), holder[key]];
    else holder[key] = randomValue(random);
  }
  return copy;
}

/** A copy that is cut, has another end, or has some other bytes. */
export function mutatedBytes(bytes: Uint8Array, random: RandomSource): Uint8Array {
  const how = random.below(4);
  if (how === 0) return bytes.slice(0, random.below(bytes.length + 1));
  if (how === 1)
    return Uint8Array.from([
      ...bytes.subarray(0, random.below(bytes.length + 1)),
      ...random.list(20, () => random.below(256)),
    ]);
  const out = Uint8Array.from(bytes);
  for (let n = 1 + random.below(8); n > 0 && out.length; n--)
    out[random.below(out.length)] = how === 2 ? random.below(256) : random.pick([0, 255, 127, 128, 10, 34]);
  return out;
}
