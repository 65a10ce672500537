// Knows how to load a grammar once, after its hash was checked, and one parser per language.
import { createHash } from 'node:crypto';
import { Language, Parser } from '@vscode/tree-sitter-wasm';
import { CompressionError } from '../core/errors';
import { GRAMMAR_SHA256 } from './grammarHashes';
import { grammarFile } from './languages';

/** Bytes of a file that lies beside the bundle. */
export type GrammarLoader = (file: string) => Promise<Uint8Array>;

let runtime: Promise<void> | undefined; // one per process: the runtime is a global of its own

export class Grammars {
  private readonly parsers = new Map<string, Promise<Parser>>();

  constructor(private readonly load: GrammarLoader) {}

  /** Parser of a language with a bundled grammar, else undefined. @throws CompressionError grammarCorrupt */
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

  /** Nothing is compiled that is not, to the byte, what this version was made with. */
  private async verified(file: string): Promise<Uint8Array> {
    let bytes: Uint8Array;
    try {
      bytes = await this.load(file);
    } catch (cause) {
      throw new CompressionError('grammarCorrupt', file, { cause });
    }
    if (createHash('sha256').update(bytes).digest('hex') !== GRAMMAR_SHA256[file])
      throw new CompressionError('grammarCorrupt', file);
    return bytes;
  }
}
