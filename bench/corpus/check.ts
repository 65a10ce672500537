// Knows how to try the text side on real files: every promise about cutting, at three ratios, with real parsers.
// Usage: node bench/corpus/run.mjs CLONES|CORPUS.jsonl… [--per-language N] [--seed S] [--probes N] [--only LANGUAGE]
// CLONES is a folder of git clones (bare or not, one level of nesting allowed); a JSONL file has {language, path, text} rows.
// Parsers are looked up on PATH: python3, gofmt, rustc, javac, gcc, g++, mcs (or MCS="command …"); TypeScript is bundled.
import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { tiles } from '../../src/core/span';
import { random } from '../../src/scorers/random';
import { counterFor } from '../../src/text/counters';
import { fitToTokens } from '../../src/text/fit';
import { Grammars } from '../../src/text/grammars';
import { languageOf } from '../../src/text/languages';
import { orderCuts } from '../../src/text/order';
import { cutText, renderPrefix } from '../../src/text/render';
import { parseStructure, type Unit } from '../../src/text/structure';

const RATIOS = [0.75, 0.5, 0.25];
const SLACK = 0.02; // of the budget may stay unused, unless one step less would exceed it
const MAX_UNITS = 60_000; // larger files only cost time
const LANGUAGES = ['TypeScript', 'TSX', 'JavaScript', 'Python', 'Go', 'Rust', 'Java', 'C', 'C++', 'C#'];

/** Number of syntax errors of each text, by a parser that did not do the cutting; undefined where there is none. */
type RealParser = (texts: readonly string[], path: string) => number[] | undefined;

const available = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
const scratch = mkdtempSync(join(tmpdir(), 'namm-check-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const typescript =
  (kind: ts.ScriptKind): RealParser =>
  (texts) =>
    texts.map((t) => (ts.createSourceFile('x', t, ts.ScriptTarget.Latest, false, kind) as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics.length);

/** One process for all texts of a file; it prints one number a text. */
function batch(name: string, command: (files: string[]) => string[]): RealParser {
  return (texts) => {
    const files = texts.map((t, i) => {
      const file = join(scratch, `${i}${name}`);
      writeFileSync(file, t);
      return file;
    });
    const [exe, ...args] = command(files);
    const out = execFileSync(exe!, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return out.trim().split('\n').map(Number);
  };
}

const PYTHON = `
import ast, sys, warnings
warnings.simplefilter('ignore')
for f in sys.argv[1:]:
    try:
        ast.parse(open(f, 'rb').read()); print(0)
    except (SyntaxError, ValueError): print(1)
`;

const JAVA = `
import javax.tools.*; import java.util.*; import java.nio.file.*; import java.net.URI;
public class Parse { public static void main(String[] a) throws Exception {
  JavaCompiler c = ToolProvider.getSystemJavaCompiler();
  for (String f : a) { String s = Files.readString(Path.of(f)); DiagnosticCollector<JavaFileObject> d = new DiagnosticCollector<>();
    JavaFileObject o = new SimpleJavaFileObject(URI.create("string:///X.java"), JavaFileObject.Kind.SOURCE) { public CharSequence getCharContent(boolean i) { return s; } };
    ((com.sun.source.util.JavacTask) c.getTask(null, null, d, List.of("-proc:none"), null, List.of(o))).parse();
    System.out.println(d.getDiagnostics().stream().filter(x -> x.getKind() == Diagnostic.Kind.ERROR).count()); } } }
`;

/**
 * gcc stops at nothing it does not know; only the words of its parser count. C is parsed with a table of names, so names
 * that a cut took away are given back in front (macros, typedefs), and an error on a line where gcc also misses a name
 * is no error of syntax.
 */
const gcc =
  (compiler: string, suffix: string): RealParser =>
  (texts) => {
    const names = namesOf(texts[0]!);
    return texts.map((t) => {
      const file = join(scratch, `x${suffix}`);
      // Missing headers would end the run before the parser saw the code.
      writeFileSync(file, `${names}\n#line 1\n${t.replace(/^[ \t]*#[ \t]*include.*$/gm, '')}`);
      const { stderr } = spawnSync(compiler, ['-fsyntax-only', '-w', '-fmax-errors=0', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
      const unknown = new Set<string>();
      const lines: { at: string; words: string }[] = [];
      for (const m of stderr.matchAll(/:(\d+):\d+: (?:fatal )?error: (.*)$/gm)) {
        if (/does not name|not declared|has not been declared|undeclared|unknown type|is not a (template|class|type)|no template named|not a member/.test(m[2]!)) unknown.add(m[1]!);
        else if (/^(expected|stray|unterminated|missing terminating|unbalanced|#(endif|else|elif)|extra)/.test(m[2]!)) lines.push({ at: m[1]!, words: m[2]! });
      }
      return lines.filter((l) => !unknown.has(l.at)).length;
    });
  };

/** The macros of a C text, once each, and its typedefs as plain types. */
function namesOf(text: string): string {
  const macros = new Map<string, string>();
  for (const m of text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)(?:.*\\\r?\n)*.*$/gm)) if (!macros.has(m[1]!)) macros.set(m[1]!, m[0]);
  const types = new Set([...text.matchAll(/\}\s*(\w+)\s*;|\btypedef\b[^;{}()]*\b(\w+)\s*;|\btypedef\b[^;{}]*\(\s*\*\s*(\w+)\s*\)/g)].map((m) => m[1] ?? m[2] ?? m[3]!));
  return [...[...types].map((t) => `typedef int ${t};`), ...macros.values()].join('\n');
}

const rustc: RealParser = (texts) =>
  texts.map((t) => {
    const file = join(scratch, 'x.rs');
    writeFileSync(file, t);
    const { status } = spawnSync('rustc', ['--edition', '2021', '--crate-type', 'lib', '-Zparse-crate-root-only', file], {
      encoding: 'utf8',
      env: { ...process.env, RUSTC_BOOTSTRAP: '1' },
    });
    return status === 0 ? 0 : 1;
  });

/** Mono's compiler, parsing only. It stops at C# 7 and trips over newer syntax: it may judge only what it can read. */
const mcs: RealParser = (texts) => {
  const [exe, ...args] = (process.env.MCS ?? 'mcs').split(' ');
  return texts.map((t) => {
    const file = join(scratch, 'x.cs');
    writeFileSync(file, t);
    const { stdout, stderr } = spawnSync(exe!, [...args, '-langversion:latest', '--parse', file], { encoding: 'utf8' });
    return (`${stdout}${stderr}`.match(/: error CS/g) ?? []).length;
  });
};

function realParser(language: string): RealParser | undefined {
  switch (language) {
    case 'TypeScript':
      return typescript(ts.ScriptKind.TS);
    case 'TSX':
      return typescript(ts.ScriptKind.TSX);
    case 'JavaScript':
      return typescript(ts.ScriptKind.JSX);
    case 'Python':
      return available('python3') ? batch('.py', (files) => ['python3', '-c', PYTHON, ...files]) : undefined;
    case 'Java':
      if (!available('javac')) return undefined;
      mkdirSync(scratch, { recursive: true });
      writeFileSync(join(scratch, 'Parse.java'), JAVA);
      return batch('.txt', (files) => ['java', join(scratch, 'Parse.java'), ...files]);
    case 'C':
      return available('gcc') ? gcc('gcc', '.c') : undefined;
    case 'C++':
      return available('g++') ? gcc('g++', '.cpp') : undefined;
    case 'Rust':
      return available('rustc') ? rustc : undefined;
    case 'Go':
      return available('gofmt')
        ? (texts) => texts.map((t) => (spawnSync('gofmt', ['-e'], { input: t, maxBuffer: 1 << 26 }).status === 0 ? 0 : 1))
        : undefined;
    case 'C#':
      return process.env.MCS || available('mcs') ? mcs : undefined;
    default:
      return undefined;
  }
}

interface Row {
  readonly language: string;
  readonly path: string;
  readonly text: string;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  ts: 'TypeScript', mts: 'TypeScript', tsx: 'TSX', js: 'JavaScript', mjs: 'JavaScript', jsx: 'JavaScript', py: 'Python', go: 'Go', rs: 'Rust', java: 'Java', c: 'C', h: 'C++', cc: 'C++', cpp: 'C++', hpp: 'C++', cs: 'C#',
};

/** Source files of the newest commit of every clone under `folder`. */
function rowsOfClones(folder: string, wanted: (language: string) => boolean, perLanguage: number, seed: number): Row[] {
  const git = (dir: string, ...args: string[]): string => execFileSync('git', [`--git-dir=${dir}`, ...args], { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
  const isGit = (dir: string): boolean => existsSync(join(dir, 'HEAD')) && existsSync(join(dir, 'objects'));
  const gitDirs = readdirSync(folder).sort().flatMap((name) => {
    const at = join(folder, name);
    if (!statSync(at).isDirectory()) return [];
    const inside = [at, join(at, '.git'), ...readdirSync(at).flatMap((n) => [join(at, n), join(at, n, '.git')])].find(isGit);
    return inside ? [{ name, dir: inside }] : [];
  });
  // Every clone gives one file of a language in turn, so that no large project fills the table.
  const byLanguage = new Map<string, { name: string; dir: string; paths: string[] }[]>();
  for (const { name, dir } of gitDirs) {
    const found = new Map<string, string[]>();
    for (const line of git(dir, 'ls-tree', '-r', '-l', 'HEAD').split('\n')) {
      const m = /^100\d{3} blob \w+ +(\d+)\t(.*)$/.exec(line);
      const language = m && EXTENSIONS[m[2]!.slice(m[2]!.lastIndexOf('.') + 1)];
      if (!language || !wanted(language) || Number(m[1]) < 400 || Number(m[1]) > MAX_UNITS || /(^|\/)(vendor|node_modules|third_party|dist)\//.test(m[2]!)) continue;
      let list = found.get(language);
      if (!list) found.set(language, (list = []));
      list.push(m[2]!);
    }
    for (const [language, paths] of found) {
      const list = byLanguage.get(language) ?? [];
      byLanguage.set(language, list);
      // A fixed shuffle: the same seed picks the same files.
      const key = (p: string): string => createHash('sha256').update(`${seed} ${p}`).digest('hex');
      list.push({ name, dir, paths: paths.map((p) => ({ p, k: key(p) })).sort((a, b) => (a.k < b.k ? -1 : 1)).map(({ p }) => p) });
    }
  }
  const rows: Row[] = [];
  for (const [language, clones] of byLanguage) {
    for (let round = 0, taken = 0; taken < perLanguage && clones.some((c) => round < c.paths.length); round++) {
      for (const { name, dir, paths } of clones) {
        const path = paths[round];
        if (path === undefined || taken >= perLanguage) continue;
        try {
          const text = git(dir, 'show', `HEAD:${path}`);
          if (text.includes('\ufffd') || text.includes('\0')) continue;
          rows.push({ language, path: `${name}/${path}`, text });
          taken++;
        } catch {
          // A partial clone lacks some blobs.
        }
      }
    }
  }
  return rows;
}

/** Small generator of whole numbers below a bound, for probes. */
function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => Math.floor(((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296) * below);
}

const allUnits = (units: readonly Unit[]): Unit[] => units.flatMap((u) => [u, ...allUnits(u.children)]);

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const option = (name: string, value: number): number => (args.includes(name) ? Number(args[args.indexOf(name) + 1]) : value);
  const perLanguage = option('--per-language', 50);
  const seed = option('--seed', 1);
  const probes = option('--probes', 6);
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1]!.split(',') : LANGUAGES;
  const places = args.filter((a, i) => !a.startsWith('--') && !args[i - 1]?.startsWith('--'));
  const grammars = new Grammars((file) => readFile(join(__dirname, 'grammars', file)));
  const counter = counterFor('o200k');
  const rows = places.flatMap((p) =>
    statSync(p).isDirectory()
      ? rowsOfClones(p, (l) => only.includes(l), perLanguage, seed)
      : readFileSync(p, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l) as Row).filter((r) => r.text.length <= MAX_UNITS),
  );
  let violations = 0;
  const fail = (row: Row, what: string, cut?: string): void => {
    violations++;
    console.error(`VIOLATION ${row.path}: ${what}`);
    const keep = process.env.NAMM_CHECK_KEEP;
    if (!keep) return;
    writeFileSync(join(keep, `${violations}-${row.path.replace(/\W+/g, '_')}`), `${what}\n${row.text}`);
    if (cut !== undefined) writeFileSync(join(keep, `${violations}-cut-${row.path.replace(/\W+/g, '_')}`), cut);
  };
  console.log('language     files  steps  real parser  clean  texts parsed  new errors  floors  mean ratio at .75 .5 .25');
  for (const language of LANGUAGES.filter((l) => only.includes(l))) {
    const mine = rows.filter((r) => r.language === language || (language === 'C' && r.language === 'C++' && r.path.endsWith('.c')));
    const step = Math.max(1, Math.floor(mine.length / perLanguage));
    const chosen = mine.filter((_, i) => (i + seed) % step === 0).slice(0, perLanguage);
    const parser = realParser(language);
    let newErrors = 0;
    let floors = 0;
    let steps = 0;
    let clean = 0;
    let parsed = 0;
    const reached = RATIOS.map(() => 0);
    for (const row of chosen) {
      const source = { path: row.path, languageId: languageOf(row.path), text: row.text };
      const structure = await parseStructure(source, grammars);
      // Random evidence asks for cuts anywhere: harder on the syntax than any sensible scorer.
      const tokens = Math.ceil(row.text.length / 4);
      const bounds = Int32Array.from({ length: tokens + 1 }, (_, i) => Math.min(row.text.length, i * 4));
      const values = random(seed).score({ layers: 1, heads: 1, tokens, evictedAt: new Int16Array(0), updates: 1, meanCacheLength: 0 }).data;
      const order = orderCuts(structure, { bounds, values }, []);
      steps += order.steps.length;
      const options = { markers: true, counter };
      const whole = renderPrefix(order, 0, options);
      if (whole.text !== row.text) fail(row, 'ratio 1 is not the identity');
      const results = RATIOS.map((ratio, i) => {
        const allowed = Math.floor(whole.readerTokens * ratio);
        const fit = fitToTokens(order, allowed, options);
        const { rendered } = fit;
        if (!tiles(rendered.spans, row.text.length)) fail(row, `spans do not tile at ${ratio}`);
        const byId = new Map(rendered.elisions.map((e) => [e.id, e]));
        let at = 0;
        for (const s of rendered.spans) {
          if (!s.kept) {
            const e = byId.get(s.elision ?? '');
            if (!e || s.start < e.start || s.end > e.end) fail(row, `a dropped span has no elision at ${ratio}`);
            continue;
          }
          const piece = row.text.slice(s.start, s.end);
          const found = rendered.text.indexOf(piece, at);
          if (found < 0) {
            fail(row, `kept text is not verbatim at ${ratio}`);
            break;
          }
          at = found + piece.length;
        }
        if (fit.floor === undefined && rendered.readerTokens > allowed) fail(row, `over budget at ${ratio}`);
        if (fit.steps > 0 && rendered.readerTokens < allowed * (1 - SLACK) && renderPrefix(order, fit.steps - 1, options).readerTokens <= allowed)
          fail(row, `budget left unused at ${ratio}`);
        if (counter.count(rendered.text) !== rendered.readerTokens) fail(row, `count is not the text's at ${ratio}`);
        if (fit.floor !== undefined) floors++;
        reached[i]! += rendered.readerTokens / Math.max(1, whole.readerTokens) / chosen.length;
        return { what: `${ratio}`, text: rendered.text };
      });
      // Any cut can be the first one, and any prefix can be asked for.
      const roll = dice(seed + row.text.length);
      const units = allUnits(structure.units).filter((u) => u.cuttable);
      for (let i = 0; i < probes && units.length; i++) {
        const unit = units[roll(units.length)]!;
        results.push({ what: `a single cut at ${unit.start}`, text: cutText(source, [unit]) });
        const prefix = roll(order.steps.length + 1);
        results.push({ what: `${prefix} steps`, text: renderPrefix(order, prefix, { ...options, markers: i % 3 !== 0 }).text });
      }
      const own = structure.errorsIn(row.text);
      // The order checks prefixes itself; a single cut is the rules' work alone, and the real parser is their judge.
      for (const r of results) if (!r.what.startsWith('a single') && structure.errorsIn(r.text) > own) fail(row, `new error by the grammar at ${r.what}`, r.text);
      const errors = parser?.([row.text, ...results.map((r) => r.text)], row.path);
      if (errors?.[0] === 0) clean++;
      parsed += results.length;
      errors?.slice(1).forEach((n, i) => {
        if (n <= errors[0]! || (language === 'C#' && errors[0]! > 0)) return;
        newErrors++;
        fail(row, `new error by the real parser at ${results[i]!.what}`, results[i]!.text);
      });
    }
    console.log(
      [
        language.padEnd(11),
        String(chosen.length).padStart(6),
        String(steps).padStart(6),
        (parser ? parserName(language) : 'none here').padStart(12),
        String(clean).padStart(6),
        String(parsed).padStart(13),
        String(newErrors).padStart(11),
        String(floors).padStart(7),
        ' ',
        reached.map((r) => r.toFixed(3)).join(' '),
      ].join(' '),
    );
  }
  console.log(`${violations} violations`);
  process.exitCode = violations ? 1 : 0;
}

function parserName(language: string): string {
  const names: Readonly<Record<string, string>> = { Python: 'CPython ast', Go: 'gofmt', Rust: 'rustc', Java: 'javac', C: 'gcc', 'C++': 'g++', 'C#': 'mcs' };
  return names[language] ?? 'typescript';
}

void main();
