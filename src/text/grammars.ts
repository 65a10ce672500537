// Knows how to load a grammar once, and one parser per language.
import { Language, Parser } from '@vscode/tree-sitter-wasm';
import { grammarFile } from './languages';

/** Bytes of a file that lies beside the bundle. */
export type GrammarLoader = (file: string) => Promise<Uint8Array>;

let runtime: Promise<void> | undefined; // one per process: the runtime is a global of its own

export class Grammars {
  private readonly parsers = new Map<string, Promise<Parser>>();

  constructor(private readonly load: GrammarLoader) {}

  /** Parser of a language with a bundled grammar, else undefined. */
  async parserFor(languageId: string): Promise<Parser | undefined> {
    const file = grammarFile(languageId);
    if (!file) return undefined;
    let parser = this.parsers.get(file);
    if (!parser) {
      parser = this.open(file);
      this.parsers.set(file, parser);
      parser.catch(() => this.parsers.delete(file)); // a failed load may be tried again
    }
    return parser;
  }

  private async open(file: string): Promise<Parser> {
    runtime ??= this.load('tree-sitter.wasm').then((wasmBinary) => Parser.init({ wasmBinary } as never));
    await runtime;
    const parser = new Parser();
    parser.setLanguage(await Language.load(await this.load(file)));
    return parser;
  }
}
