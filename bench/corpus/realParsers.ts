// The real parsers that judge a cut: one for each language, looked up on PATH. None of them did the cutting.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { parse as parseCss } from 'postcss';
import { MARKUP_PARSERS, markupParser } from './markupParsers';

/** Gives the number of syntax errors of each text. */
export type RealParser = (texts: readonly string[], path: string) => number[];

const available = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
const scratch = mkdtempSync(join(tmpdir(), 'namm-check-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const typescript =
  (kind: ts.ScriptKind): RealParser =>
  (texts) =>
    texts.map(
      (t) =>
        (ts.createSourceFile('x', t, ts.ScriptTarget.Latest, false, kind) as unknown as { parseDiagnostics: unknown[] })
          .parseDiagnostics.length,
    );

/** One process for all texts of a file, which prints one number for each. */
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

/** Tries each file with a function of Python that reads one; one error if it throws. */
const pythonReader = (setup: string): string => `
import sys
${setup}
for f in sys.argv[1:]:
    try:
        read(f); print(0)
    except Exception: print(1)
`;
const YAML = pythonReader(`import yaml
class Loader(yaml.SafeLoader): pass
Loader.add_multi_constructor('', lambda loader, tag, node: None)
read = lambda f: list(yaml.load_all(open(f, encoding='utf-8'), Loader))`);
const TOML = pythonReader("import tomllib\nread = lambda f: tomllib.load(open(f, 'rb'))");
const INI = pythonReader(`import configparser
read = lambda f: configparser.RawConfigParser(strict=False, allow_no_value=True).read_file(open(f, encoding='utf-8'))`);
const python = (suffix: string, script: string): RealParser | undefined =>
  available('python3') ? batch(suffix, (files) => ['python3', '-c', script, ...files]) : undefined;

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
 * Counts the syntax errors among all errors that gcc reports. C is parsed with a table of names, so macros and types that a
 * cut removed are declared again before the text. An error on a line where gcc also misses a name is no syntax error.
 */
const gcc =
  (compiler: string, suffix: string): RealParser =>
  (texts) => {
    const names = namesOf(texts[0]!);
    return texts.map((t) => {
      const file = join(scratch, `x${suffix}`);
      // A missing header would end the run before the parser sees the code.
      writeFileSync(file, `${names}\n#line 1\n${t.replace(/^[ \t]*#[ \t]*include.*$/gm, '')}`);
      const { stderr } = spawnSync(compiler, ['-fsyntax-only', '-w', '-fmax-errors=0', file], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      const unknown = new Set<string>();
      const lines: { at: string; words: string }[] = [];
      for (const m of stderr.matchAll(/:(\d+):\d+: (?:fatal )?error: (.*)$/gm)) {
        if (
          /does not name|not declared|has not been declared|undeclared|unknown type|incomplete type|is not a (template|class|type)|no template named|not a member/.test(
            m[2]!,
          )
        )
          unknown.add(m[1]!);
        else if (/^(expected|stray|unterminated|missing terminating|unbalanced|#(endif|else|elif)|extra)/.test(m[2]!))
          lines.push({ at: m[1]!, words: m[2]! });
      }
      return lines.filter((l) => !unknown.has(l.at)).length;
    });
  };

/** Declares the macros and types of a C text, because they decide how the rest is parsed. */
function namesOf(text: string): string {
  const macros = new Map<string, string>();
  for (const m of text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)(?:.*\\\r?\n)*.*$/gm))
    if (!macros.has(m[1]!)) macros.set(m[1]!, m[0].replace(/\/\*(?:(?!\*\/)[^])*$/, '')); // without a comment that goes on after the line
  // A macro from a header, alone on its line, stands for statements.
  for (const m of text.matchAll(/^[ \t]*([A-Z][A-Z0-9_]{3,})[ \t]*\r?$/gm))
    if (!macros.has(m[1]!)) macros.set(m[1]!, `#define ${m[1]!}`);
  const types = new Set<string>();
  for (const { index } of text.matchAll(/\btypedef\b/g)) {
    let depth = 0;
    let end = index;
    for (; end < text.length && (depth > 0 || text[end] !== ';'); end++)
      depth += text[end] === '{' ? 1 : text[end] === '}' ? -1 : 0;
    const name = /\(\s*\*\s*(\w+)\s*\)\s*\([^]*$|(\w+)\s*(?:\[[^\]]*\]|\([^()]*\))?\s*$/.exec(
      text.slice(index, end).replace(/\{[^]*\}/, ''),
    );
    if (name) types.add(name[1] ?? name[2]!);
  }
  for (const m of text.matchAll(/\busing\s+(\w+)\s*=/g)) types.add(m[1]!);
  const classes = new Set(
    [...text.matchAll(/\b(?:class|struct)\s+(\w+)\s*(?:final\s*)?[;:{]/g)]
      .map((m) => m[1]!)
      .filter((name) => !types.has(name)),
  );
  return [
    ...[...types].map((t) => `typedef int ${t};`),
    ...[...classes].map((c) => `struct ${c};`),
    ...macros.values(),
  ].join('\n');
}

const rustc: RealParser = (texts) =>
  texts.map((t) => {
    const file = join(scratch, 'x.rs');
    writeFileSync(file, t);
    const { status } = spawnSync(
      'rustc',
      ['--edition', '2021', '--crate-type', 'lib', '-Zparse-crate-root-only', file],
      {
        encoding: 'utf8',
        env: { ...process.env, RUSTC_BOOTSTRAP: '1' },
      },
    );
    return status === 0 ? 0 : 1;
  });

/** One process for each text: no error if the command accepts it, else one. */
const accepts =
  (command: readonly [string, ...string[]], suffix: string): RealParser =>
  (texts) =>
    texts.map((t) => {
      const file = join(scratch, `x${suffix}`);
      writeFileSync(file, t);
      return spawnSync(command[0], [...command.slice(1), file], { stdio: 'ignore' }).status === 0 ? 0 : 1;
    });

const postcss: RealParser = (texts) =>
  texts.map((text) => {
    try {
      parseCss(text);
      return 0;
    } catch {
      return 1;
    }
  });

/** A command of the folder PARSERS, named as the language in lower case: it prints one number of errors for each file. */
function fromFolder(language: string, suffix: string): RealParser | undefined {
  const command = join(process.env.PARSERS ?? '', language.toLowerCase());
  return process.env.PARSERS && existsSync(command) ? batch(suffix, (files) => [command, ...files]) : undefined;
}

const ELIXIR =
  'for f <- System.argv(), do: IO.puts(case Code.string_to_quoted(File.read!(f)) do {:ok, _} -> 0; _ -> 1 end)';
const R =
  'for (f in commandArgs(TRUE)) cat(tryCatch({parse(f, keep.source = FALSE); 0}, error = function(e) 1), "\\n")';

/** A module that makes an empty one of every module that is not installed. */
const ANY_MODULE = `package AnyModule;
push @INC, sub { my $text = "1;"; open my $file, '<', \\$text; return $file };
1;
`;

function perl(): RealParser {
  writeFileSync(join(scratch, 'AnyModule.pm'), ANY_MODULE);
  return accepts(['perl', `-I${scratch}`, '-MAnyModule', '-c'], '.pl');
}

const kotlin = { kt: fromFolder('Kotlin', '.kt'), kts: fromFolder('Kotlin', '.kts') };

const POWERSHELL =
  '$e = $null; [void][System.Management.Automation.Language.Parser]::ParseFile($args[0], [ref]$null, [ref]$e); exit $e.Count';

/** @returns undefined if none is installed */
export function realParser(language: string): RealParser | undefined {
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
        ? (texts) =>
            texts.map((t) => (spawnSync('gofmt', ['-e'], { input: t, maxBuffer: 1 << 26 }).status === 0 ? 0 : 1))
        : undefined;
    case 'C#': {
      const [exe, ...args] = (process.env.ROSLYN ?? '').split(' ');
      return exe ? batch('.cs', (files) => [exe, ...args, ...files]) : undefined;
    }
    case 'Shell':
      return accepts(['bash', '-n'], '.sh');
    case 'YAML':
      return python('.yaml', YAML);
    case 'TOML':
      return python('.toml', TOML);
    case 'INI':
      return python('.ini', INI);
    case 'CSS':
      return postcss;
    case 'PowerShell':
      return available('pwsh') ? accepts(['pwsh', '-NoProfile', '-Command', POWERSHELL], '.ps1') : undefined;
    case 'Scala':
    case 'Dart':
    case 'Zig':
      return fromFolder(language, `.${language.toLowerCase()}`);
    case 'Haskell':
      return fromFolder(language, '.hs');
    case 'Elixir':
      return available('elixir') ? batch('.ex', (files) => ['elixir', '-e', ELIXIR, ...files]) : undefined;
    case 'R':
      return available('Rscript') ? batch('.R', (files) => ['Rscript', '--vanilla', '-e', R, ...files]) : undefined;
    case 'Swift':
      return fromFolder(language, '.swift');
    case 'Kotlin':
      return kotlin.kt && ((texts, path) => kotlin[path.endsWith('.kts') ? 'kts' : 'kt']!(texts, path));
    case 'Lua':
      return available('luac') ? accepts(['luac', '-p'], '.lua') : undefined;
    case 'Perl':
      return available('perl') ? perl() : undefined;
    case 'Ruby':
      return available('ruby') ? accepts(['ruby', '-c'], '.rb') : undefined;
    case 'PHP':
      return available('php') ? accepts(['php', '-l'], '.php') : undefined;
    default:
      return markupParser(language, { folder: scratch, available, python, pythonReader });
  }
}
export function parserName(language: string): string {
  const names: Readonly<Record<string, string>> = {
    Python: 'CPython ast',
    Go: 'gofmt',
    Rust: 'rustc',
    Java: 'javac',
    C: 'gcc',
    'C++': 'g++',
    'C#': 'Roslyn',
    Shell: 'bash -n',
    YAML: 'PyYAML',
    TOML: 'tomllib',
    INI: 'configparser',
    CSS: 'PostCSS',
    PowerShell: 'PowerShell',
    Kotlin: 'Kotlin PSI',
    Scala: 'Scalameta',
    Dart: 'its grammar',
    Elixir: 'elixir',
    Zig: 'zig fmt',
    R: 'R parse',
    Haskell: 'GHC',
    Swift: 'its grammar',
    Lua: 'luac -p',
    Perl: 'perl -c',
    Ruby: 'ruby -c',
    PHP: 'php -l',
  };
  return names[language] ?? MARKUP_PARSERS[language] ?? 'typescript';
}
