// Finds values that look random, whatever they are. Checksums and ids look random, too, so this is an option.
import type { Span } from '../core/span';
import { isPlaceholder } from './placeholders';

/** Letters and digits of base64 or base64url that stand alone. What is longer is rather a picture or a program. */
const MIXED = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,128}={0,2}(?![A-Za-z0-9+/=_-])/g;
/** Hex digits behind a name that says that they are secret: without one, they are rather a checksum. */
const NAMED_HEX =
  /(?:key|secret|token|passw|passphrase|credential|auth|salt)[A-Za-z0-9_-]{0,40}["'\]]{0,2}\s{0,4}(?::=|=>|[:=])\s{0,4}["'`]?(?<secret>[0-9a-f]{32,128})(?![0-9A-Za-z])/dgi;
/** What stands before a checksum that a package manager or a browser compares, or before embedded bytes. */
const CHECKSUM = /(?:sha\d{1,3}[-:=]|md5[-:=]|h1:|integrity["']?\s?[:=]\s?["']?|base64,)$/i;
const BEFORE = 16; // UTF-16 units in which that stands
const MIXED_BITS = 4; // per character
/** Share of the neighbours that are of different kinds: 0.6 in a random value, 0.2 in words that are joined to a name. */
const LEAST_CHANGES = 0.42;
const HEX_BITS = 3;

/** The ranges of values that look random, sorted for each of the two kinds. */
export function findRandomValues(text: string): Span[] {
  const found: Span[] = [];
  const add = (start: number, end: number, bits: number): void => {
    const value = text.slice(start, end);
    if (entropyOf(value) >= bits && !isPlaceholder(value, 'token') && !CHECKSUM.test(before(text, start)))
      found.push({ start, end });
  };
  for (const { index, 0: value } of text.matchAll(MIXED))
    if (
      /[a-z]/.test(value) &&
      /[A-Z]/.test(value) &&
      /\d/.test(value) &&
      !isPhrase(value) &&
      changesOf(value) >= LEAST_CHANGES
    )
      add(index, index + value.length, MIXED_BITS);
  for (const { indices } of text.matchAll(NAMED_HEX)) add(...indices!.groups!.secret!, HEX_BITS);
  return found;
}

/** Whether it is words or a hash, joined by slashes or lines: a path, an address, the name of a message. */
function isPhrase(value: string): boolean {
  const parts = value.split(/[/_-]/);
  return parts.length > 1 && parts.some((p) => /^(?:[A-Z]?[a-z]{3,}|[0-9a-f]{7,})$/.test(p));
}

/** Shannon entropy of the characters, in bits per character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const c of value) counts.set(c, (counts.get(c) ?? 0) + 1);
  let bits = 0;
  for (const n of counts.values()) bits -= (n / value.length) * Math.log2(n / value.length);
  return bits;
}

/** Share of the neighbours of which one is a small letter, a capital, a digit or another character, and the other is not. */
function changesOf(value: string): number {
  const kinds = value.replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A').replace(/\d/g, '0');
  let changes = 0;
  for (let i = 1; i < kinds.length; i++) if (kinds[i] !== kinds[i - 1]) changes++;
  return changes / (kinds.length - 1);
}

function before(text: string, at: number): string {
  return text.slice(Math.max(0, at - BEFORE), at);
}
