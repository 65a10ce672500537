// Opens the native sessions of a model when the first text is read: what was read before needs none.
import type { Tokenizer } from '../../core/token';
import type { ModelFolder } from './manifest';
import { loadParts, openSessions, type LocalModel, type ModelParts } from './model';
import { KnownProducts, type Products } from './products';
import type { Reader } from './reader';

/** Owns native sessions once a text was read: call `release`. */
export class LazyModel {
  readonly folder: ModelFolder;
  readonly tokenizer: Tokenizer;
  readonly runtimeVersion: string;
  private opening: Promise<LocalModel> | undefined;
  private openMs = 0;

  private constructor(
    private readonly parts: ModelParts,
    private readonly threads: number | undefined,
    private readonly memory: KnownProducts | undefined,
    private known: Products | undefined,
  ) {
    this.folder = parts.folder;
    this.tokenizer = parts.tokenizer;
    this.runtimeVersion = parts.runtimeVersion;
  }

  /**
   * @param dir folder with manifest.json and the files that it names. @param threads of the native runtime; default: at most 4
   * @param cacheDir where it is remembered how this machine computes products
   * @throws CompressionError modelMissing | modelCorrupt | modelUnsupported | runtimeMissing
   */
  static async load(dir: string, threads?: number, cacheDir?: string): Promise<LazyModel> {
    const parts = await loadParts(dir);
    const memory = cacheDir ? new KnownProducts(cacheDir, parts.folder.sha256, parts.runtimeVersion) : undefined;
    return new LazyModel(parts, threads, memory, await memory?.get());
  }

  /** How the base model computes its products. Opens it if that was never tried on this machine. */
  async products(): Promise<Products> {
    return this.known ?? (await this.open()).products;
  }

  /** As `Reader.read`. @throws CompressionError modelCorrupt if the graphs are not as the manifest says */
  async read(...request: Parameters<Reader['read']>): ReturnType<Reader['read']> {
    return (await this.open()).reader.read(...request);
  }

  /** Whether a text was read, or the model tried. */
  get isOpen(): boolean {
    return this.opening !== undefined;
  }

  /** Milliseconds spent on opening since this was asked last. */
  takeOpenMs(): number {
    const { openMs } = this;
    this.openMs = 0;
    return openMs;
  }

  async release(): Promise<void> {
    const opened = await this.opening?.catch(() => undefined);
    await opened?.release();
  }

  private open(): Promise<LocalModel> {
    return (this.opening ??= this.openNow());
  }

  private async openNow(): Promise<LocalModel> {
    const begun = performance.now();
    const model = await openSessions(this.parts, this.threads, this.known);
    this.openMs += performance.now() - begun;
    if (model.products !== this.known) await this.memory?.put(model.products);
    this.known = model.products;
    return model;
  }
}
