// Names a unit with its rank.
import type { Unit } from '../parse/unit';

/** `key` is the worth per recipient token (extended memory), or the mean evidence per model token (every other scorer). */
export interface RankedUnit {
  readonly unit: Unit;
  readonly key: number;
}
