// Fits the relevance of lines: a logistic regression by Newton's method, each task with the same weight.
import { LINE_FEATURES, type TextFeatures } from '../../src/question/features';

/** The lines of one task: their features, and 1 for those that the change needed. */
export interface LabelledLines {
  readonly texts: readonly TextFeatures[];
  /** Per text, [lines]. */
  readonly needed: readonly Uint8Array[];
}

const RIDGE = 1; // L2 penalty of all weights but the constant
const STEPS = 30;
const SMALL = 1e-6; // largest change of a weight in the last step

/** @returns weights in the order of LINE_FEATURES */
export function fitWeights(tasks: readonly LabelledLines[]): number[] {
  const size = LINE_FEATURES.length + 1; // and the constant
  const shares = tasks.map(
    ({ needed }) =>
      1 /
      Math.max(
        1,
        needed.reduce((n, y) => n + y.reduce((a, b) => a + b, 0), 0),
      ),
  );
  const lines = tasks.reduce((n, { needed }) => n + needed.reduce((m, y) => m + y.length, 0), 0);
  const scale =
    lines / tasks.reduce((s, { needed }, i) => s + shares[i]! * needed.reduce((m, y) => m + y.length, 0), 0);
  const weights = new Array<number>(size).fill(0);
  const x = new Float64Array(size);
  for (let step = 0; step < STEPS; step++) {
    const gradient = new Float64Array(size);
    const hessian = Array.from({ length: size }, () => new Float64Array(size));
    tasks.forEach(({ texts, needed }, t) =>
      texts.forEach((features, f) =>
        needed[f]!.forEach((y, line) => {
          LINE_FEATURES.forEach((feature, k) => (x[k] = features[feature][line]!));
          x[size - 1] = 1;
          const p = 1 / (1 + Math.exp(-x.reduce((sum, value, k) => sum + value * weights[k]!, 0)));
          const share = shares[t]! * scale;
          const curve = share * p * (1 - p);
          for (let i = 0; i < size; i++) {
            gradient[i]! += share * (y - p) * x[i]!;
            for (let j = 0; j <= i; j++) hessian[i]![j]! += curve * x[i]! * x[j]!;
          }
        }),
      ),
    );
    for (let i = 0; i < size - 1; i++) {
      gradient[i]! -= RIDGE * weights[i]!;
      hessian[i]![i]! += RIDGE;
    }
    const change = solve(hessian, gradient);
    change.forEach((d, i) => (weights[i]! += d));
    if (Math.max(...change.map(Math.abs)) < SMALL) break;
  }
  return weights.slice(0, -1);
}

/** Solves a x = b by Cholesky's method. @param a symmetric and positive definite; only its lower half is read */
function solve(a: readonly Float64Array[], b: Float64Array): number[] {
  const n = b.length;
  const l = a.map((row) => Float64Array.from(row));
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = l[i]![j]!;
      for (let k = 0; k < j; k++) sum -= l[i]![k]! * l[j]![k]!;
      l[i]![j] = i === j ? Math.sqrt(sum) : sum / l[j]![j]!;
    }
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) y[i] = (b[i]! - l[i]!.slice(0, i).reduce((s, v, k) => s + v * y[k]!, 0)) / l[i]![i]!;
  const out = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = y[i]!;
    for (let k = i + 1; k < n; k++) sum -= l[k]![i]! * out[k]!;
    out[i] = sum / l[i]![i]!;
  }
  return out;
}
