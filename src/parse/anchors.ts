// Finds the anchors of YAML that are in use: what defines one stays while an alias of it stays.
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';

const NAMED = /(?<=^|[\s,[{(:-])([&*])([\w.-]{1,100})(?=$|[\s,\]})])/gm;

export class Anchors {
  private readonly starts: number[] = []; // of anchors with an alias, in text order
  private readonly lasts: number[] = []; // where the last alias of each stands

  constructor(text: string) {
    const all = [...text.matchAll(NAMED)].map((m) => ({ at: m.index, anchor: m[1] === '&', name: m[2]! }));
    const last = new Map<string, number>();
    const used: { readonly at: number; readonly last: number }[] = [];
    for (const { at, anchor, name } of all.reverse()) {
      const alias = last.get(name);
      if (!anchor) last.set(name, alias ?? at);
      else if (alias !== undefined) used.push({ at, last: alias });
    }
    for (const { at, last: to } of used.reverse()) {
      this.starts.push(at);
      this.lasts.push(to);
    }
  }

  /** Whether an anchor in the span has an alias behind it. */
  isUsedOutside({ start, end }: Span): boolean {
    for (
      let i = firstIndexWhere(this.starts, (at) => at >= start);
      i < this.starts.length && this.starts[i]! < end;
      i++
    )
      if (this.lasts[i]! >= end) return true;
    return false;
  }
}
