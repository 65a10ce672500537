// Runs the rules of the secretlint preset on a text. Its own runner compares every finding with all others, so it is not used.
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { ownValue } from '../core/ownValue';
import type { Span } from '../core/span';

/** What a rule reports: a range in UTF-16 units, its English sentence, and the values that the sentence names. */
export interface PresetFinding extends Span {
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

type Props = Readonly<Record<string, unknown>>;
interface Message {
  readonly message: string;
  readonly data: Props;
}

/** The part of secretlint's rule interface that the rules of the preset use. */
interface PresetRule {
  readonly meta: { readonly id: string };
  create(context: RuleContext, options: object): { file?(source: RuleSource): void | Promise<void> };
}
interface RuleContext {
  createTranslator(
    messages: Readonly<Record<string, { readonly en: (props: Props) => string }>>,
  ): (id: string, props?: Props) => Message;
  report(finding: { readonly message: Message; readonly range: readonly [number, number] }): void;
}
interface RuleSource {
  readonly content: string;
  readonly filePath: string;
  readonly ext: string;
}

const RULE = '@secretlint/secretlint-rule-';
/**
 * Left out: a comment must not decide what is handed over; `gcp` looks for whole files; `npm` takes names such as
 * `npm_config_…` for tokens, and what it finds besides is in our own table.
 */
const LEFT_OUT = ['filter-comments', 'gcp', 'npm'].map((name) => `${RULE}${name}`);
const RULES = (rules as unknown as readonly PresetRule[]).filter(({ meta }) => !LEFT_OUT.includes(meta.id));

/** What the rules of the preset find, rule by rule. */
export async function findByPreset(text: string): Promise<PresetFinding[]> {
  const source = { content: text, filePath: 'text', ext: '' }; // no rule shall look for the file itself
  const found: PresetFinding[] = [];
  const context: RuleContext = {
    createTranslator:
      (messages) =>
      (id, data = {}) => ({ message: ownValue(messages, id)!.en(data), data }),
    report: ({ message: { message, data }, range: [start, end] }) => void found.push({ start, end, message, data }),
  };
  for (const rule of RULES) await rule.create(context, {}).file?.(source);
  return found;
}
