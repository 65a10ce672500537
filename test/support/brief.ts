// Shortens the slow tests in mutation testing: a mutant that survives costs one run of every test that covers it.

/** Whether mutation testing runs the tests. */
export const BRIEF = process.env.NAMM_BRIEF_TESTS !== undefined;

/** Number of random inputs. In a brief run the seed is fixed, so that a mutant is not killed by chance. */
export const runs = (full: number, brief: number): { numRuns: number; seed?: number } =>
  BRIEF ? { numRuns: brief, seed: 1 } : { numRuns: full };

/** All cases; in a brief run those that are quick. */
export const cases = <T>(full: readonly T[], brief: readonly T[]): readonly T[] => (BRIEF ? brief : full);
