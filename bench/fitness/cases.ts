// Knows what a case of evolution is: the head of a real file as context, the code behind it as what must still be possible.
import { readFileSync } from 'node:fs';
import type { SourceText } from '../../src/core/context';
import { languageOf } from '../../src/text/languages';

export interface Case {
  readonly context: SourceText;
  /** Identifiers that the code behind the context uses and the context mentions. */
  readonly needed: ReadonlySet<string>;
}

const WORD = /[A-Za-z_$][\w$]{2,}/g;
const KEYWORDS = new Set(
  ('abstract and as assert async await auto base bool boolean break byte case catch char class const constexpr continue def default defer del do double ' +
    'elif else enum except explicit export extends extern false final finally float fn for foreach from func function global goto if impl implements import in ' +
    'include inline instanceof int interface internal is lambda let long loop map match mod mut namespace new nil None nonlocal not null nullptr object of or ' +
    'override package pass private protected pub public raise range readonly ref return self sealed select short signed sizeof static std str string struct ' +
    'super switch this throw throws trait true True False try type typedef typeof undefined union unsafe unsigned use using var virtual void volatile where while with yield')
    .split(' '),
);

export function identifiersOf(code: string): Set<string> {
  return new Set((code.match(WORD) ?? []).filter((w) => !KEYWORDS.has(w)));
}

/** Code without comments and strings, near enough to ask which names it uses. */
function bare(code: string): string {
  return code
    .replace(/\/\*[\s\S]*?\*\/|'''[\s\S]*?'''|"""[\s\S]*?"""/g, ' ')
    .replace(/(^|\s)(\/\/|#(?!include|define|\[)).*$/gm, ' ')
    .replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, ' ');
}

/**
 * Cases from a corpus file (one JSON object a line: repo, path, language, text), spread over repositories.
 * @param contextUnits length of the context in UTF-16 units, cut at a line. @param targetUnits the same for the code behind it.
 */
export function loadCases(file: string, limit: number, contextUnits: number, targetUnits: number, seed: number): Case[] {
  const rows = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const cases: Case[] = [];
  let state = seed >>> 0;
  const next = (n: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * n);
  };
  for (let tries = 0; cases.length < limit && tries < limit * 60; tries++) {
    const { path, language, text } = JSON.parse(rows[next(rows.length)]!) as { path: string; language: string; text: string };
    if (language === 'JSON' || language === 'Markdown' || text.length < contextUnits + targetUnits) continue;
    const room = text.length - contextUnits - targetUnits;
    // Half of the contexts are the head of their file, half begin at a later line: both happen to a reader.
    const from = next(2) ? 0 : text.indexOf('\n', next(Math.max(1, room))) + 1;
    const cut = text.lastIndexOf('\n', from + contextUnits) + 1;
    if (cut <= from + contextUnits / 2) continue;
    const context = text.slice(from, cut);
    const known = identifiersOf(bare(context));
    const needed = new Set([...identifiersOf(bare(text.slice(cut, cut + targetUnits)))].filter((w) => known.has(w)));
    if (needed.size >= 4) cases.push({ context: { path, languageId: languageOf(path), text: context }, needed });
  }
  return cases;
}
