// Knows chance that can be repeated, and how to spoil what has a shape.

export class Chance {
  constructor(private state: number) {}

  /** 0 … 1, one excluded. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  often(share: number): boolean {
    return this.next() < share;
  }

  many<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

const UNITS = [
  'a',
  'Z',
  '_',
  '0',
  ' ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '"',
  "'",
  '`',
  '\\',
  '/',
  '*',
  '#',
  '<',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ':',
  ',',
  '.',
  '-',
  '=',
  '…',
  'é',
  'e\u0301',
  '漢',
  '😀',
  '👩‍👩‍👧',
  '\ud800',
  '\udc00',
  '\u0000',
  '\u200b',
  '\u2028',
  '\ufeff',
  '\u0085',
  '\uffff',
  '<|endoftext|>',
  '//12… #k3fa',
  '\x1b[31m',
];

export function anyText(chance: Chance, most = 40): string {
  let text = '';
  for (let n = chance.below(most + 1); n > 0; n--) {
    const kind = chance.below(12);
    text +=
      kind === 0
        ? String.fromCharCode(chance.below(0x10000))
        : kind === 1
          ? chance.of(UNITS).repeat(chance.below(60))
          : chance.of(UNITS);
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

export function anyValue(chance: Chance): unknown {
  return chance.often(0.2) ? anyText(chance, 8) : chance.of(VALUES);
}

/** A copy in which some values are others, missing, doubled or moved. */
export function spoiled(value: unknown, chance: Chance, times = 1 + chance.below(3)): unknown {
  let copy = structuredClone(value);
  for (; times > 0; times--) {
    const places: [object, string][] = [];
    const walk = (at: unknown, depth: number): void => {
      if (typeof at !== 'object' || at === null || depth > 6) return;
      const keys = Object.keys(at);
      for (const key of keys.length > 30 ? Array.from({ length: 10 }, () => chance.of(keys)) : keys) {
        places.push([at, key]);
        walk((at as Record<string, unknown>)[key], depth + 1);
      }
    };
    walk(copy, 0);
    if (!places.length || chance.often(0.03)) {
      copy = anyValue(chance);
      continue;
    }
    const [holder, key] = chance.of(places) as [Record<string, unknown>, string];
    const how = chance.below(5);
    if (how === 0) delete holder[key];
    else if (how === 1) holder[anyText(chance, 2)] = holder[key];
    else if (how === 2) holder[key] = [holder[key], holder[key]];
    else holder[key] = anyValue(chance);
  }
  return copy;
}

export function spoiledBytes(bytes: Uint8Array, chance: Chance): Uint8Array {
  const how = chance.below(4);
  if (how === 0) return bytes.slice(0, chance.below(bytes.length + 1));
  if (how === 1)
    return Uint8Array.from([
      ...bytes.subarray(0, chance.below(bytes.length + 1)),
      ...chance.many(20, () => chance.below(256)),
    ]);
  const out = Uint8Array.from(bytes);
  for (let n = 1 + chance.below(8); n > 0 && out.length; n--)
    out[chance.below(out.length)] = how === 2 ? chance.below(256) : chance.of([0, 255, 127, 128, 10, 34]);
  return out;
}
