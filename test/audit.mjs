// Asks the registry about the packages that ship: a serious known defect fails, a registry that does not answer is only told.
// Usage: npm run audit
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { packageFolders } from '../scripts/sbom.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const { stdout } = spawnSync(npm, ['audit', '--json'], { encoding: 'utf8', timeout: 120_000, shell: false });
let report;
try {
  report = JSON.parse(stdout);
} catch {
  // no answer
}
if (!report?.vulnerabilities) console.log(`Not audited: the registry gave no answer (${report?.message ?? 'none'}).`);
else {
  const inputs = existsSync('dist/bundled.json') ? JSON.parse(readFileSync('dist/bundled.json', 'utf8')) : [];
  const shipped = new Set(packageFolders(inputs).map((f) => f.split('node_modules/').at(-1)));
  const serious = Object.values(report.vulnerabilities).filter((v) => ['high', 'critical'].includes(v.severity));
  const ours = serious.filter((v) => shipped.has(v.name));
  for (const v of serious)
    console.log(`${ours.includes(v) ? 'SHIPPED' : 'development only'}: ${v.name} ${v.range} (${v.severity})`);
  console.log(`Audited: ${serious.length} serious, ${ours.length} of them shipped.`);
  process.exitCode = ours.length ? 1 : 0;
}
