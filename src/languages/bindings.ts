// Finds which nodes of a syntax tree give names to values: assignments, declarations of variables, patterns, parameters, imports.
import keywords from '../core/keywords.json';

const FIELDS: ReadonlySet<string> = new Set(['left', 'pattern', 'name', 'declarator', 'alias']);
const PARENTS: ReadonlySet<string> = new Set(
  `declaration let_declaration short_var_declaration local_variable_declaration property_declaration variable_declaration
  const_declaration static_declaration for_statement for_in_statement for_expression enhanced_for_statement foreach_statement
  named_expression as_pattern with_item let_condition const_item static_item var_spec const_spec`.split(/\s+/),
);
const PARENT = /assignment|declarator|_(clause|binding)$/;
const NOT_A_VALUE = /^function_declarator$|parameter/;

/** Whether a child in `field` of a node of type `parent` names what the node declares or assigns. */
export function bindsName(field: string | null, parent: string): boolean {
  return (
    field !== null && FIELDS.has(field) && (PARENTS.has(parent) || PARENT.test(parent)) && !NOT_A_VALUE.test(parent)
  );
}

const IDENTIFIER = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
const KEYWORDS: ReadonlySet<string> = new Set(keywords);

/** A name with its offset in a text. */
interface NameAt {
  readonly name: string;
  readonly at: number;
}

/** The identifiers of a text that `counts` accepts, given what stands before and behind them. */
function identifiersIn(text: string, counts: (before: string, after: string) => boolean): NameAt[] {
  const out: NameAt[] = [];
  for (const { 0: name, index } of text.matchAll(IDENTIFIER)) {
    const end = index + name.length;
    if (!KEYWORDS.has(name) && counts(text.slice(Math.max(0, index - 3), index), text.slice(end, end + 3)))
      out.push({ name, at: index });
  }
  return out;
}

/** The names in the text of such a child. What is a member of something else (`a.b`, `a[b]`) or called is no name of a new value. */
export const namesBoundIn = (text: string): NameAt[] =>
  identifiersIn(text, (before, after) => !/[.\])>]\s*$/.test(before) && !/^\s*[.[(]/.test(after));

/** The names that an import brings: of a path with dots the first, by which its parts are reached, and the last. */
export const namesImportedIn = (text: string): NameAt[] =>
  identifiersIn(text, (before, after) => !(before.endsWith('.') && after.startsWith('.')));

const PARAMETERS = /^(formal_|lambda_|closure_|function_value_|method_)?parameters?(_list)?$/;
const TYPE_FIRST: ReadonlySet<string> = new Set(['java', 'csharp', 'c', 'cpp', 'dart', 'php', 'objective-c', 'groovy']);

const MODIFIERS: ReadonlySet<string> = new Set('mut ref self this final readonly val out params'.split(' '));

/** Whether a node lists the parameters of a function. */
export const listsParameters = (type: string): boolean => PARAMETERS.test(type);

/** The names of the parameters in the text of such a node, without types and defaults: of each the first word, or the last one before its default. */
export function parametersIn(text: string, languageId: string): NameAt[] {
  const out: NameAt[] = [];
  let depth = 0;
  let from = 0;
  const add = (to: number): void => {
    const piece = text.slice(from, to);
    const declared = piece.slice(0, /=/.exec(piece)?.index);
    const words = identifiersIn(declared, () => true).filter(({ name }) => !MODIFIERS.has(name));
    const word = TYPE_FIRST.has(languageId) ? words.at(-1) : words[0];
    if (word) out.push({ name: word.name, at: from + word.at });
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if ('([{<'.includes(c)) {
      if (depth++ === 0) from = i + 1;
    } else if (')]}>'.includes(c)) {
      if (--depth === 0) add(i);
    } else if (c === ',' && depth === 1) {
      add(i);
      from = i + 1;
    }
  }
  return out;
}
