// What happens to a text after work on it failed: what is tried next, and that nothing is tried again.
import { BoundedMap } from '../../core/boundedMap';
import type { GrammarFault, SourceText } from '../../core/context';

const TEXT_UNITS = 4_000_000; // of all texts that are remembered, UTF-16

interface Known {
  readonly text: string;
  readonly fault: GrammarFault;
}

export class KnownFaults {
  private readonly byPath = new BoundedMap<Known>(TEXT_UNITS, ({ text }) => text.length);

  get any(): boolean {
    return this.byPath.size > 0;
  }

  /** Remembers the fault for the text that stands under this path. */
  add(sources: readonly SourceText[], { path, fault }: { readonly path: string; readonly fault: GrammarFault }): void {
    const source = sources.find((s) => s.path === path);
    if (source) this.byPath.set(path, { text: source.text, fault });
  }

  /** The sources, each with the fault that is known of it. */
  apply<T extends SourceText>(sources: readonly T[]): T[] {
    if (!this.any) return [...sources];
    return sources.map((s) => {
      const known = this.byPath.get(s.path);
      return !s.grammarFault && known?.text === s.text ? { ...s, grammarFault: known.fault } : s;
    });
  }
}

/** The sources, with the fault at every one of its path. */
export function withGrammarFault<T extends SourceText>(
  sources: readonly T[],
  { path, fault: grammarFault }: { readonly path: string; readonly fault: GrammarFault },
): T[] {
  return sources.map((s) => (s.path === path ? { ...s, grammarFault } : s));
}

/** The fault to try next if work on a text failed in an unexpected way. The last one leaves nothing to fail. */
export function nextFault(fault: GrammarFault | undefined): GrammarFault {
  if (fault === 'defect' || fault === 'leftOut') return 'leftOut';
  return fault === 'failed' ? 'defect' : 'failed';
}
