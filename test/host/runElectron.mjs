// Runs the host suite in a desktop VS Code: VSCODE_EXECUTABLE, or one that test-electron downloads.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { buildSuite } from './buildSuite.mjs';
import { makeTestExtensions, makeWorkspace, makeWorkspaceFile, ROOT } from './codeServer.mjs';

const tests = await buildSuite();
const dir = mkdtempSync(path.join(tmpdir(), 'namm-host-'));
const workspace = path.join(dir, 'workspace');
mkdirSync(workspace);
makeWorkspace(workspace);
try {
  await runTests({
    ...(process.env.VSCODE_EXECUTABLE ? { vscodeExecutablePath: process.env.VSCODE_EXECUTABLE } : {}),
    ...(process.env.VSCODE_VERSION ? { version: process.env.VSCODE_VERSION } : {}),
    extensionDevelopmentPath: [ROOT, ...makeTestExtensions(dir)],
    extensionTestsPath: tests,
    launchArgs: [
      makeWorkspaceFile(dir, workspace),
      '--disable-extensions',
      '--user-data-dir',
      path.join(dir, 'user-data'),
    ],
    extensionTestsEnv: { NAMM_TEST_RESULT: path.join(ROOT, 'out/host.json') },
  });
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
