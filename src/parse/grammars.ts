// Loads each grammar once, after a check of its hash, and keeps one parser per grammar.
import { createHash } from 'node:crypto';
import { Language, Parser } from '@vscode/tree-sitter-wasm';
import type { SourceText } from '../core/context';
import { CompressionError } from '../core/errors';
import { BoundedParser, GrammarFaultError, type Clock } from './boundedParser';
import { GRAMMAR_SHA256 } from '../languages/grammarHashes';
import { grammarFile } from '../languages/languages';
import { ownValue } from '../core/ownValue';

/** Reads a grammar file that lies beside the bundle. */
export type GrammarLoader = (file: string) => Promise<Uint8Array>;

// The part of the standard global that is used here.
declare const WebAssembly: { readonly Memory: new (pages: { initial: number; maximum: number }) => object };

const PAGE = 65_536; // bytes
const MOST_MEMORY = 1_073_741_824; // bytes; a text of 2 million units needs a fifth of it
const FIRST_MEMORY = 33_554_432;

let runtime: Promise<void> | undefined; // one per process: the runtime is a global of its own
let broken = false; // a runtime that broke cannot be loaded again

export class Grammars {
  private readonly parsers = new Map<string, Promise<Parser>>();

  /**
   * @param clock measures what a parse costs; processor time, where it can be had
   * @param restarts whether somebody starts this process again if the runtime breaks; else texts are then divided by their lines
   */
  constructor(
    private readonly load: GrammarLoader,
    private readonly clock: Clock = () => performance.now(),
    private readonly restarts = false,
  ) {}

  /** Whether the runtime broke, and somebody can start this process again. */
  get needRestart(): boolean {
    return broken && this.restarts;
  }

  /**
   * A parser for the texts of one source, which stops where a parse costs too much.
   * @returns undefined without a bundled grammar
   * @throws CompressionError grammarCorrupt; GrammarFaultError failed: the runtime broke earlier
   */
  async boundedFor({ path, languageId }: SourceText): Promise<BoundedParser | undefined> {
    const parser = await this.parserFor(languageId);
    if (parser && broken) throw new GrammarFaultError(path, 'failed');
    return parser && new BoundedParser(parser, path, this.clock, () => (broken = true));
  }

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
    runtime ??= this.verified('tree-sitter.wasm').then((wasmBinary) => {
      const wasmMemory = new WebAssembly.Memory({ initial: FIRST_MEMORY / PAGE, maximum: MOST_MEMORY / PAGE });
      return Parser.init({ wasmBinary, wasmMemory } as never);
    });
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
