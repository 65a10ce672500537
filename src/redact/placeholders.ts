// Tells a value that only stands for a credential, such as `ghp_xxxx`, `${TOKEN}` or `changeme`, from a credential.

/** A value with a form of its own, or one that a person chose. */
export type ValueForm = 'token' | 'password';

const FILLER = /x{5}|X{5}|\*{3}|\.{3}|…|0{10}/;
const SEQUENCE = /0123456789|1234567890|abcdefghij|ABCDEFGHIJ/;
/** The word in the published examples of AWS. */
const MARKED = /EXAMPLE/;
const WORD = /example|placeholder|changeme|redacted|dummy|insert|sample|fake[-_]|your[-_]/i;
const WORDS_WITHIN = 120; // in longer random text a word turns up by chance
const TAIL = 16; // characters behind any prefix
const FEWEST_DISTINCT = 3;

/** Forms in which a program, a shell or a template puts a value in. */
const TEMPLATES = [
  /\$\{|\{\{|#\{|%\(\w{1,60}\)|\$\(/,
  /^[<{[(].*[>})\]]$/,
  /^\$\w+$/,
  /^%\w*%?$/,
  /^@\w+@$/,
  /^__\w+__$/,
  /^:\w+$/,
  /^[a-z_]{1,60}_(?:key|secret|password|token|pass|pwd)$/i,
  /^(?:process|os|env|environ|config|settings|options|self|this|args)\b[.[(]/,
  /[()]/,
];
const SHORTEST_PASSWORD = 4;
/** What documentation and local set-ups write instead of a password. */
const WORDS_FOR_PASSWORD = new Set(
  (
    'admin root guest test testing test123 tester foo foobar bar baz abc abc123 xyz default none null undefined empty string value text ' +
    'postgres postgresql mysql mariadb redis rabbitmq mongo mongodb oracle sqlserver sa minio elastic neo4j cassandra ' +
    'letmein hunter2 qwerty 1234 12345 123456 1234567 12345678 123456789 port host hostname localhost example docker x-oauth-basic'
  ).split(' '),
);
const NAMED_PASSWORD =
  /^(?:(?:my|your|the|a|some|super|very|top|db|database|user|test|new|old|example|sample|dummy|fake|real|strong|secure|initial|default|root|admin|postgres|mysql|redis|app|api|client|access|auth|smtp|proxy)[-_. ]?){0,3}(?:pass(?:word|wd|wort|phrase|code)?|p[a@]ss?w[o0]rd|pwd|pw|secret|s3cr[e3]t|token|key|user(?:name)?|cred(?:ential)?s?|changeme|change[-_]?(?:me|it|this)|xxx+)(?:[-_. ]?here)?\d{0,4}!?$/i;

/** @param form of the value: a password counts as a placeholder if it is a usual word, too */
export function isPlaceholder(value: string, form: ValueForm): boolean {
  if (!isVaried(value)) return true;
  if (FILLER.test(value) || SEQUENCE.test(value) || MARKED.test(value)) return true;
  if (value.length <= WORDS_WITHIN && WORD.test(value)) return true;
  if (form === 'token') return false;
  return (
    value.length < SHORTEST_PASSWORD ||
    TEMPLATES.some((t) => t.test(value)) ||
    WORDS_FOR_PASSWORD.has(value.toLowerCase()) ||
    NAMED_PASSWORD.test(value)
  );
}

function isVaried(value: string): boolean {
  let seen = '';
  for (let i = Math.max(0, value.length - TAIL); i < value.length && seen.length < FEWEST_DISTINCT; i++)
    if (!seen.includes(value[i]!)) seen += value[i]!;
  return seen.length === FEWEST_DISTINCT;
}
