import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../src/model/model';
import { SCORERS } from '../../src/scorers';
import { unpackExtended } from '../../src/scorers/extended';
import { counterFor } from '../../src/text/counters';
import { fitToTokens } from '../../src/text/fit';
import { Grammars } from '../../src/text/grammars';
import { orderCuts } from '../../src/text/order';
import { loadCases, CASE_KINDS } from '../cases/cases';
import { recallOf } from '../cases/recall';
import { LossMeter } from '../cases/loss';
import { evidenceOf, readCase, type Reading } from '../quality/read';
import { linesOf, RULES, take, ORACLE } from '../quality/rules';

const counter = counterFor('o200k');
const R = [0.25, 0.5];
async function main() {
  const [dir, file, nr, nl] = process.argv.slice(2);
  const model = await openModel(dir!, 1); const meter = await LossMeter.open(dir!, 1);
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const { shape, extended } = model.folder;
  const w = unpackExtended(extended, shape.layers * shape.kvHeads);
  const methods = new Map<string, (r: Reading) => (a: number) => { text: string; kept: any }>();
  const add = (name: string, env: string, marker: number, form = true) => methods.set(name, (r) => {
    process.env.MARK = env;
    const order = orderCuts(r.structure, evidenceOf(r, SCORERS.extended({ extended: { ...w, marker: Math.log(marker) } })), [], { verify: false });
    return (allowed) => { process.env.MARK = env; const { rendered } = fitToTokens(order, allowed, { markers: form, counter }); return { text: rendered.text, kept: rendered.spans.filter((s) => s.kept) }; };
  });
  add('now 8.6', 'now', 8.6);
  add('line 5', 'line', 5); add('line 7', 'line', 7); add('line 3.5', 'line', 3.5);
  add('bare 3', 'bare', 3);
  add('none 1', 'now', 1, false); add('none 3', 'now', 3, false);
  for (const name of ['tail', 'surprisal, by line', 'comments out, then surprisal', 'comments out, then new names', 'comments out, then greedy coverage']) methods.set(name, (r) => { const l = RULES[name]!(linesOf(r, counter), r); return (a) => { const kept = take(l, a, counter); return { text: kept.map((x) => x.text).join(''), kept }; }; });
  methods.set('oracle', (r) => { const l = ORACLE(linesOf(r, counter), r); return (a) => { const kept = take(l, a, counter); return { text: kept.map((x) => x.text).join(''), kept }; }; });
  const names = [...methods.keys()];
  const rec = new Map(names.map((n) => [n, R.map(() => [] as number[])]));
  for (const c of loadCases(file!, { limit: Number(nr), seed: 31, context: [3000, 24000], target: 900 })) {
    const r = await readCase(model, grammars, counter, c);
    for (const n of names) { const f = methods.get(n)!(r); R.forEach((q, i) => rec.get(n)![i]!.push(recallOf(c, r.structure, r.definitions, f(Math.floor(r.readerTokens * q)).kept))); }
  }
  const los = new Map(names.map((n) => [n, R.map(() => [] as number[])])); const none: number[] = [], full: number[] = [], kind: string[] = [];
  for (const c of loadCases(file!, { limit: Number(nl) * 2, seed: 32, context: [1500, 2600], target: 900 }).filter((c) => meter.length(c.context, c.target) <= 960).slice(0, Number(nl))) {
    const r = await readCase(model, grammars, counter, c);
    none.push(await meter.nats({ ...c.context, text: '' }, c.target)); full.push(await meter.nats(c.context, c.target)); kind.push(c.kind);
    for (const n of names) { const f = methods.get(n)!(r); for (const [i, q] of R.entries()) los.get(n)![i]!.push(await meter.nats({ ...c.context, text: f(Math.floor(r.readerTokens * q)).text }, c.target)); }
  }
  const mean = (a: number[]) => a.reduce((x, y) => x + y, 0) / a.length;
  const recov = (n: string, i: number, k?: string) => { let a = 0, b = 0; none.forEach((x, j) => { if (k && kind[j] !== k) return; a += x - los.get(n)![i]![j]!; b += x - full[j]!; }); return a / b; };
  console.log('cases', rec.get(names[0]!)![0]!.length, none.length, CASE_KINDS.map((k) => k + ' gain ' + mean(none.map((x, j) => x - full[j]!).filter((_, j) => kind[j] === k)).toFixed(0)));
  for (const n of names) console.log(n.padEnd(36), R.map((_, i) => mean(rec.get(n)![i]!).toFixed(3)).join(' '), '| loss', R.map((_, i) => recov(n, i).toFixed(3)).join(' '), '|', CASE_KINDS.map((k) => k + ' ' + R.map((_, i) => recov(n, i, k).toFixed(2)).join('/')).join('  '));
  await model.release();
}
void main();
