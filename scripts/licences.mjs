// Decides whether a model may ship: every repository that it was trained on must name a licence, an SPDX expression.

const SPDX = /^[A-Za-z0-9][A-Za-z0-9.+-]*( (AND|OR|WITH) [A-Za-z0-9][A-Za-z0-9.+-]*)*$/;
const NO_LICENCE = /^(NOASSERTION|NONE|UNKNOWN)$/i;

/**
 * @param manifest of the model, as training/export.py writes it
 * @returns {{ repos: number, fault?: string }} how many repositories, and why the model may not ship; no fault if it may
 */
export function checkLicences({ corpus }) {
  if (!Array.isArray(corpus) || !corpus.length) return { repos: 0, fault: 'the model names no corpus' };
  for (const { repo, licence } of corpus)
    if (typeof licence !== 'string' || !SPDX.test(licence) || NO_LICENCE.test(licence))
      return {
        repos: corpus.length,
        fault: `the model was trained on ${repo ?? 'a repository without a name'}, which has no SPDX licence`,
      };
  return { repos: corpus.length };
}
