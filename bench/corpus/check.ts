// Knows how to try the text side on real files: every promise about cutting, at three ratios, with real parsers.
// Usage: check CORPUS.jsonl… [--per-language N] [--seed S]   (files made by training/corpus.py)
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
import { renderPrefix } from '../../src/text/render';
import { parseStructure } from '../../src/text/structure';

const RATIOS = [0.75, 0.5, 0.25];
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

/** gcc stops at nothing it does not know; only the words of its parser count. */
const gcc =
  (compiler: string, suffix: string): RealParser =>
  (texts) =>
    texts.map((t) => {
      const file = join(scratch, `x${suffix}`);
      // Missing headers would end the run before the parser saw the code.
      writeFileSync(file, t.replace(/^[ \t]*#[ \t]*include.*$/gm, ''));
      const { stderr } = spawnSync(compiler, ['-fsyntax-only', '-w', '-fmax-errors=0', file], { encoding: 'utf8' });
      return (stderr.match(/error: (expected|stray|unterminated|missing terminating|unbalanced|#(endif|else|elif)|extra)/g) ?? []).length;
    });

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
        ? (texts) => texts.map((t) => (spawnSync('gofmt', ['-e'], { input: t }).status === 0 ? 0 : 1))
        : undefined;
    default:
      return undefined;
  }
}

interface Row {
  readonly language: string;
  readonly path: string;
  readonly text: string;
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const option = (name: string, value: number): number => (args.includes(name) ? Number(args[args.indexOf(name) + 1]) : value);
  const perLanguage = option('--per-language', 50);
  const seed = option('--seed', 1);
  const corpora = args.filter((a) => a.endsWith('.jsonl'));
  const grammars = new Grammars((file) => readFile(join(__dirname, 'grammars', file)));
  const counter = counterFor('o200k');
  const rows = corpora.flatMap((c) => readFileSync(c, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l) as Row));
  let violations = 0;
  const fail = (row: Row, what: string): void => {
    violations++;
    console.error(`VIOLATION ${row.path}: ${what}`);
    const keep = process.env.NAMM_CHECK_KEEP;
    if (keep) writeFileSync(join(keep, `${violations}-${row.path.replace(/\W+/g, '_')}`), `${what}\n${row.text}`);
  };
  console.log('language      files  cuts  real parser  new errors  floors  mean ratio at .75 .5 .25');
  for (const language of LANGUAGES) {
    const mine = rows.filter((r) => r.language === language || (language === 'C' && r.language === 'C++' && r.path.endsWith('.c')));
    const step = Math.max(1, Math.floor(mine.length / perLanguage));
    const chosen = mine.filter((_, i) => (i + seed) % step === 0).slice(0, perLanguage);
    const parser = realParser(language);
    let newErrors = 0;
    let floors = 0;
    let steps = 0;
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
        const kept = rendered.spans.filter((s) => s.kept).map((s) => row.text.slice(s.start, s.end));
        let at = 0;
        for (const piece of kept.join('\0').split('\0')) {
          const found = rendered.text.indexOf(piece, at);
          if (found < 0) {
            fail(row, `kept text is not verbatim at ${ratio}`);
            break;
          }
          at = found + piece.length;
        }
        if (fit.floor === undefined && rendered.readerTokens > allowed) fail(row, `over budget at ${ratio}`);
        if (counter.count(rendered.text) !== rendered.readerTokens) fail(row, `count is not the text's at ${ratio}`);
        if (fit.floor !== undefined) floors++;
        reached[i]! += rendered.readerTokens / whole.readerTokens / chosen.length;
        if (structure.errorsIn(rendered.text) > structure.errorsIn(row.text)) fail(row, `new error by the grammar at ${ratio}`);
        return rendered.text;
      });
      const errors = parser?.([row.text, ...results], row.path);
      errors?.slice(1).forEach((n, i) => {
        if (n <= errors[0]!) return;
        newErrors++;
        fail(row, `new error by the real parser at ${RATIOS[i]}`);
        if (process.env.NAMM_CHECK_KEEP) writeFileSync(join(process.env.NAMM_CHECK_KEEP, `${violations}-cut-${row.path.replace(/\W+/g, '_')}`), results[i]!);
      });
    }
    console.log(
      `${language.padEnd(12)} ${String(chosen.length).padStart(6)} ${String(steps).padStart(5)}  ${(parser ? 'yes' : 'none here').padEnd(11)} ${String(newErrors).padStart(10)} ${String(floors).padStart(7)}  ${reached.map((r) => r.toFixed(3)).join(' ')}`,
    );
  }
  console.log(`${violations} violations`);
  process.exitCode = violations ? 1 : 0;
}

void main();
