// The help of the command line: one screen for all of it, one for each command.
import { DEFAULT_SCORER, SCORER_IDS } from '../../core/context';
import { LIMITS_IN_WORDS } from '../../core/limits';
import { SETUP_TOPICS } from './setupHelp';

export const USAGE = `namm: compress code for an assistant, on this machine.

Examples
  namm compress src --keep-ratio 0.4                     a folder, to 40 % of its tokens
  namm compress src/auth.ts --query "who calls login?"   a file, for a question
  git diff --name-only | namm compress --files-from - --max-tokens 8000
  namm expand k3fa:120                                   what a marker stands for

Commands (namm COMMAND --help says more)
  compress <path…>|-   the texts, without what they need least
  expand <id…>         the original text of elisions
  why <path>:<line>    why a line stays or goes
  inspect <path>       token scores as JSON
  mcp                  a Model Context Protocol server on stdin and stdout
  install CLIENT       lets an assistant start that server: claude-code, vscode, cursor, …; uninstall takes it out
  doctor               what works here, what does not, and what to do
  stats                what was saved, in tokens and in money
  completions SHELL    a script that completes commands and options in bash, zsh or fish

Everywhere
  --help, --version    NAMM_DEBUG=1 shows more of an error

Exit: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
`;

const COMPRESS = `namm compress <path…>|-   the texts, without what they need least

Examples
  namm compress src --max-tokens 8000 --output context.md
  namm compress 'src/**/*.{ts,tsx}' --exclude '*.test.ts' --query "where is the cache cleared?"
  namm compress src/auth.go --pin 12-40 --keep-ratio 0.3
  cat page.py | namm compress - --language python

What is read
  <path>             files, folders, globs like 'src/**/*.ts'; - is standard input
  --files-from FILE  paths, one a line; - reads them from standard input
  --include GLOB     of folders, only files like this, as in .gitignore; may be repeated
  --exclude GLOB     no files like this; may be repeated
  --language ID      language of the text, as an editor calls it: typescript, python, go, … (default: by file name)
  In folders, .gitignore counts. At most ${LIMITS_IN_WORDS}.

How much stays
  --keep-ratio r     share of recipient tokens, above 0 and at most 1 (default 0.5)
  --max-tokens n     total over all files
  --auto             the scorer's calibrated threshold decides, where it has one
  --counter C        whose tokens are counted: o200k, cl100k, model (default o200k)

What stays
  --query TEXT       the question to compress for
  --query-file FILE  the question stands in a file, such as an issue; - reads it from standard input
  --pin WHAT         what stays: lines like 12-40 of a single file, lines that match a /pattern/, whole files by a glob
  --drop WHAT        what goes whatever the budget: lines like 12-40 of a single file, statements that begin on a line
                     that matches a /pattern/, files by a glob
  --ignore-inline    comments namm:keep and namm:drop do not count
  --scorer S         ${SCORER_IDS.join(', ')} (default ${DEFAULT_SCORER})

What is written
  --output FILE      the result goes there, whole or not at all, instead of to standard output
  --format F         text for reading on, json for programs (default text)
  --style S          what stands around the texts of several files: markdown, xml (default markdown)
  --no-markers       leave no trace of what was cut
  --secrets R        what happens to credentials: redact, block, off (default redact)
  --secrets-entropy  values that only look random are credentials, too
`;

const EXPAND = `namm expand <id…>   the original text of an elision, or of several in the order that is asked for

Examples
  namm expand k3fa:120        by the id that a marker and the last marker of its file show
  namm expand src/a.ts:120    by path and line
  namm expand k3fa:120 k3fa:140

  --secrets R        what happens to credentials: redact, block, off (default redact)
  --secrets-entropy  values that only look random are credentials, too
`;

const WHY = `namm why <path>:<line> [path…]   why a line stays or goes, and what would change that

Examples
  namm why src/auth.go:31 --keep-ratio 0.3
  namm why src/auth.go:31 src --json     among the files of src, which share the budget

  --json             every figure, for programs

What decides is what compress would be given:
  --keep-ratio r     share of recipient tokens, above 0 and at most 1 (default 0.5)
  --max-tokens n     total over all files
  --auto             the scorer's calibrated threshold decides, where it has one
  --counter C        whose tokens are counted: o200k, cl100k, model (default o200k)
  --query TEXT       the question to compress for
  --query-file FILE  the question stands in a file, such as an issue; - reads it from standard input
  --pin WHAT, --drop WHAT, --ignore-inline, --include GLOB, --exclude GLOB
  --scorer S         ${SCORER_IDS.join(', ')} (default ${DEFAULT_SCORER})
  --language ID      language of the text (default: by file name)
`;

const INSPECT = `namm inspect <path>   token scores as JSON: layers × heads × tokens

Example
  namm inspect src/auth.go --scorer namm > scores.json

  --scorer S         ${SCORER_IDS.join(', ')} (default ${DEFAULT_SCORER})
  --query TEXT       the question to score for
  --query-file FILE  the question stands in a file; - reads it from standard input
  --language ID      language of the text (default: by file name)
`;

const MCP = `namm mcp   a Model Context Protocol server on stdin and stdout

Example, as a client starts it
  namm mcp --root /home/me/project

  --root FOLDER      what may be read; may be repeated (default: the client's folders, else the current one)
  --secrets R        what happens to credentials: redact, block, off (default redact)
  --secrets-entropy  values that only look random are credentials, too
  --counter C        whose tokens are counted: o200k, cl100k, model (default o200k)
  --structured       answers have a structured part: lines kept, elisions, tokens; and the text once more
  --holdout n        one answer in n stays whole, so that namm stats can compare
`;

const TOPICS: ReadonlyMap<string, string> = new Map([
  ['compress', COMPRESS],
  ['expand', EXPAND],
  ['why', WHY],
  ['inspect', INSPECT],
  ['mcp', MCP],
  ...SETUP_TOPICS,
]);

/** @param topic name of a command; the help for all of them if it is none */
export const helpFor = (topic: string | undefined): string => TOPICS.get(topic ?? '') ?? USAGE;
