// Defines the scope of the inspector: all caches, those of a layer, or one.
import type { InspectReport } from '../core/context';

export type Scope =
  | { readonly kind: 'all' }
  | { readonly kind: 'layer'; readonly layer: number }
  | { readonly kind: 'cache'; readonly layer: number; readonly head: number };

export const ALL: Scope = { kind: 'all' };

export function sameScope(a: Scope, b: Scope): boolean {
  return (
    a.kind === b.kind &&
    ('layer' in a ? a.layer : -1) === ('layer' in b ? b.layer : -1) &&
    ('head' in a ? a.head : -1) === ('head' in b ? b.head : -1)
  );
}

/** Checks a scope from outside (a saved state, a message). @returns ALL if this report has no such layer or head */
export function validScope(report: InspectReport, scope: Scope): Scope {
  const within = (n: number, limit: number): boolean => Number.isInteger(n) && n >= 0 && n < limit;
  if (scope.kind === 'all' || !within(scope.layer, report.layers)) return ALL;
  return scope.kind === 'layer' || within(scope.head, report.heads) ? scope : ALL;
}

/** Indices of the caches of a scope: layer * heads + head, ascending. */
export function cachesOf({ layers, heads }: Pick<InspectReport, 'layers' | 'heads'>, scope: Scope): number[] {
  if (scope.kind === 'cache') return [scope.layer * heads + scope.head];
  if (scope.kind === 'layer') return Array.from({ length: heads }, (_, head) => scope.layer * heads + head);
  return Array.from({ length: layers * heads }, (_, c) => c);
}

/** @returns [tokens] number of the scope's caches that kept the token */
export function keptBy(report: InspectReport, scope: Scope): Uint16Array {
  const tokens = report.ids.length;
  const out = new Uint16Array(tokens);
  for (const c of cachesOf(report, scope)) for (let t = 0; t < tokens; t++) out[t]! += report.keeps[c * tokens + t]!;
  return out;
}
