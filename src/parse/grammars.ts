// Loads each grammar once, after a check of its hash, and keeps one parser per grammar.
import { createHash } from 'node:crypto';
import { Language, Parser } from '@vscode/tree-sitter-wasm';
import { CompressionError } from '../core/errors';
import { GRAMMAR_SHA256 } from './grammarHashes';
import { grammarFile } from './languages';
import { ownValue } from '../core/ownValue';

/** Reads a grammar file that lies beside the bundle. */
export type GrammarLoader = (file: string) => Promise<Uint8Array>;

let runtime: Promise<void> | undefined; // one per process: the runtime is a global of its own

export class Grammars {
  private readonly parsers = new Map<string, Promise<Parser>>();

  constructor(private readonly load: GrammarLoader) {}

  /**
   * @returns the parser of a language with a bundled grammar, else undefined
   * @throws CompressionError grammarCorrupt if a file is missing or has another hash
   */
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
    runtime ??= this.verified('tree-sitter.wasm').then((wasmBinary) => Parser.init({ wasmBinary } as never));
    await runtime.catch((error: unknown) => {
      runtime = undefined; // may be tried again
      throw error;
    });
    const parser = new Parser();
    parser.setLanguage(await Language.load(await this.verified(file)));
    return parser;
  }

  /** The bytes of a file, if they are those that this version was tested with. */
  private async verified(file: string): Promise<Uint8Array> {
    let bytes: Uint8Array;
    try {
      bytes = await this.load(file);
    } catch (cause) {
      throw new CompressionError('grammarCorrupt', file, { cause });
    }
    if (createHash('sha256').update(bytes).digest('hex') !== ownValue(GRAMMAR_SHA256, file))
      throw new CompressionError('grammarCorrupt', file);
    return bytes;
  }
}
