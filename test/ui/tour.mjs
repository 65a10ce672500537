// Knows what a user sees: installs the packaged extension, walks through it in a browser, takes pictures.
// Usage: tour.mjs [--vsix FILE] [--shots DIR] [--result FILE]
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ENTRY, makeRunDir, NODE, openWorkbench, ROOT, serverEnv, startBrowser, startServer } from '../host/codeServer.mjs';

const args = process.argv.slice(2);
const option = (name, otherwise) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : otherwise);
const shots = path.resolve(option('shots', 'out/shots'));
const result = path.resolve(option('result', 'out/ui.json'));
const built = readdirSync(path.join(ROOT, 'out')).find((f) => f.endsWith(`${process.platform}-${process.arch}-0.1.0.vsix`)) ?? readdirSync(path.join(ROOT, 'out')).find((f) => f.endsWith('.vsix'));
const vsix = path.resolve(option('vsix', path.join(ROOT, 'out', built ?? 'missing.vsix')));
mkdirSync(shots, { recursive: true });
const FILE = 'context.ts';
const steps = [];

async function step(page, name, work) {
  try {
    const seen = await work();
    steps.push({ name, ok: true });
    console.log(`  ✔ ${name}${seen === undefined ? '' : `: ${seen}`}`);
  } catch (error) {
    steps.push({ name, ok: false, error: String(error) });
    console.log(`  ✖ ${name}: ${String(error).slice(0, 500)}`);
    await page.screenshot({ path: path.join(shots, `failed-${name.replace(/\W+/g, '-')}.png`) }).catch(() => undefined);
  }
}

async function command(page, title) {
  await page.keyboard.press('F1');
  const box = page.locator('.quick-input-widget input.input');
  await box.waitFor({ state: 'visible' });
  await box.fill(`>${title}`);
  const row = page.locator('.quick-input-widget .quick-input-list .monaco-list-row').filter({ hasText: title }).first();
  await row.waitFor();
  await row.click();
}

async function openFile(page) {
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: FILE }).first().dblclick();
  await page.locator(`.editor-instance .monaco-editor[data-uri$="/${FILE}"] .view-line`).first().waitFor();
  await page.locator(`.editor-instance .monaco-editor[data-uri$="/${FILE}"]`).click({ position: { x: 300, y: 60 } });
}

/** Text pieces of the original that are struck through, as the browser computes it. */
const struck = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.editor-instance .view-line span > span')]
      .map((s) => ({ text: s.textContent, style: getComputedStyle(s) }))
      .filter(({ style }) => style.textDecorationLine.includes('line-through'))
      .map(({ text, style }) => ({ text, opacity: Number(style.opacity) })),
  );

async function tour(theme, name, full) {
  console.log(theme);
  const run = makeRunDir({ 'workbench.colorTheme': theme, 'window.autoDetectColorScheme': false, 'window.autoDetectHighContrast': false, 'security.workspace.trust.enabled': false });
  cpSync(path.join(ROOT, 'src/core'), run.workspace, { recursive: true });
  let server, browser;
  try {
    execFileSync(NODE, [ENTRY, '--config', path.join(run.dir, 'server.yaml'), '--user-data-dir', run.userData, '--extensions-dir', run.extensions, '--install-extension', vsix], { env: serverEnv(run.dir), stdio: ['ignore', 'ignore', 'inherit'] });
    server = await startServer(run);
    const started = await startBrowser();
    browser = started.browser;
    const page = await started.context.newPage();
    page.setDefaultTimeout(30_000);
    const shot = (what) => page.screenshot({ path: path.join(shots, `${name}-${what}.png`) });
    await step(page, `${name}: file opens`, async () => {
      await openWorkbench(page, server.base, { folder: run.workspace });
      await page.locator('.explorer-folders-view .monaco-list-row', { hasText: FILE }).first().waitFor({ timeout: 60_000 });
      await openFile(page);
    });
    await step(page, `${name}: compress strikes through`, async () => {
      await command(page, 'NAMM: Compress Context');
      await page.locator('.statusbar-item', { hasText: '→' }).waitFor();
      await page.waitForFunction(() => [...document.querySelectorAll('.editor-instance .view-line span > span')].some((s) => getComputedStyle(s).textDecorationLine.includes('line-through')));
      const pieces = await struck(page);
      const faint = pieces.filter((p) => p.opacity < 0.4);
      if (faint.length) throw new Error(`unreadable: ${JSON.stringify(faint.slice(0, 3))}`);
      await page.locator('.notification-toast').first().waitFor({ state: 'hidden' });
      await shot('strikethrough');
      return `${pieces.length} pieces, ${(await page.locator('.statusbar-item', { hasText: '→' }).innerText()).trim()}`;
    });
    if (!full) return;
    await step(page, `${name}: hover explains`, async () => {
      const line = page.locator('.editor-instance .view-line', { hasText: /import/ }).first();
      const box = await line.locator('span > span').first().boundingBox();
      await page.mouse.move(box.x + 20, box.y + box.height / 2);
      await page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: /Kept|Dropped/ }).first().waitFor();
      await page.waitForTimeout(500);
      await shot('hover');
      await page.keyboard.press('Escape');
    });
    await step(page, `${name}: diff opens`, async () => {
      await command(page, 'NAMM: Show Compressed Context');
      await page.locator('.monaco-diff-editor .line-insert, .monaco-diff-editor .line-delete').first().waitFor();
      await page.waitForTimeout(500);
      await shot('diff');
      await command(page, 'View: Close Editor');
    });
    await step(page, `${name}: inspector shows tables`, async () => {
      await page.locator('.tab', { hasText: FILE }).first().click();
      await command(page, 'NAMM: Inspect Retention');
      const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
      await frame.locator('table').first().waitFor();
      const tables = await frame.locator('table').count();
      if (tables < 3) throw new Error(`${tables} tables`);
      await page.waitForTimeout(500);
      await shot('inspector');
      return `${tables} tables`;
    });
  } catch (error) {
    steps.push({ name, ok: false, error: String(error) });
    console.error(String(error));
  } finally {
    await browser?.close().catch(() => undefined);
    await server?.stop();
    run.remove();
  }
}

await tour('Default Dark Modern', 'dark', true);
await tour('Default Light Modern', 'light', true);
const failed = steps.filter((s) => !s.ok).length;
writeFileSync(result, JSON.stringify({ passed: steps.length - failed, failed, steps }, null, 1));
console.log(`${steps.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
