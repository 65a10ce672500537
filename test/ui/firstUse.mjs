// The first use, from the open window to the pasted result: by keyboard alone, recorded as the animation of the page, and by mouse.
import assert from 'node:assert/strict';
import path from 'node:path';
import { eventually, NEW_TEXT } from './actions.mjs';

const MOST_ACTIONS = 6;
const MOST_MS = 60_000;
const CLIP = { x: 304, y: 0, width: 976, height: 800 };

/** @param tools from the tour: page, step, shot, command, status, struck, settle, theme, pictures (a folder, or none), file */
export async function firstUseTour({ page, step, shot, command, status, struck, settle, theme, pictures, file }) {
  const text = (name) => page.locator(`.editor-instance .monaco-editor[data-uri$="/${name}"] .view-line`).first();
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const compressed = /\d+… #[a-z2-7]{4}/;
  const offer = () => status().filter({ hasText: 'Compress' });

  await step('first use, by keyboard alone', async () => {
    const { Recording } = pictures ? await import('./animation.mjs') : {};
    const film = Recording && new Recording(page, CLIP);
    await page.evaluate(() => navigator.clipboard.writeText(''));
    const begun = Date.now();
    let actions = 0;
    const action = async (work) => {
      actions++;
      await work();
    };
    await action(async () => {
      await page.keyboard.press('Control+P');
      await page.locator('.quick-input-widget input.input').fill(file);
      await page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: file }).first().waitFor();
      await page.waitForTimeout(300);
      await page.keyboard.press('Enter');
    });
    await text(file).waitFor();
    await offer().waitFor();
    await page.waitForTimeout(500);
    await shot('first-use-offer');
    await film?.frame(1600);
    await action(async () => {
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Alt+C');
    });
    await status().filter({ hasText: '→' }).waitFor();
    await eventually(async () => assert.ok((await struck()).length));
    await page.waitForTimeout(300);
    await shot('first-use-struck');
    await film?.frame(2600);
    await action(() => command('NAMM: Show Why Code Is Left Out'));
    await page.locator('.monaco-hover:not(.hidden) .hover-contents').first().waitFor();
    await page.waitForTimeout(500);
    await shot('first-use-why');
    await film?.frame(2600);
    await page.keyboard.press('Escape');
    await action(() => command('NAMM: Copy Compressed Context'));
    await eventually(async () => assert.match(await clipboard(), compressed));
    await film?.frame(1200);
    await action(() => page.keyboard.press(NEW_TEXT));
    await page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
    await action(() => page.keyboard.press('Control+V'));
    await page.locator('.tab.active', { hasText: 'A comment like' }).waitFor(); // the editor pastes some moments later
    await page.keyboard.press('Control+Home'); // the note on markers is at the top
    await page.locator('.editor-instance .view-line', { hasText: '…' }).first().waitFor();
    const ms = Date.now() - begun;
    await page.waitForTimeout(300);
    await shot('first-use-pasted');
    await film?.frame(2600);
    await film?.write(path.resolve(pictures, 'marketplace/first-use.gif'));
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await command('View: Close Editor');
    assert.ok(actions <= MOST_ACTIONS && ms < MOST_MS, `${actions} actions, ${ms} ms`);
    return { actions, ms };
  });
  await step('first use, by mouse: the status bar leads to the result', async () => {
    await command('NAMM: Remove All Results').catch(() => undefined);
    await command('View: Close All Editors');
    await page.evaluate(() => navigator.clipboard.writeText(''));
    const begun = Date.now();
    await page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: file }).first().click();
    await text(file).waitFor();
    await offer().click();
    await status().filter({ hasText: '→' }).waitFor();
    await settle();
    await status().hover();
    const tooltip = page.locator('.monaco-hover:not(.hidden)', { hasText: 'Next:' }).first();
    await tooltip.waitFor();
    await page.waitForTimeout(400);
    await shot('first-use-tooltip');
    await tooltip.locator('a', { hasText: 'Hand Over' }).click();
    const row = page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Clipboard' });
    await row.waitFor();
    await page.waitForTimeout(500);
    await row.click();
    await eventually(async () => assert.match(await clipboard(), compressed));
    const ms = Date.now() - begun;
    assert.ok(ms < MOST_MS, `${ms} ms`);
    return { actions: 4, ms };
  });
  for (const key of ['light', 'contrast', 'dark'])
    await step(`what the status bar says next, ${key}`, async () => {
      await theme(key);
      await settle();
      await status().hover();
      await page.locator('.monaco-hover:not(.hidden)', { hasText: 'Next:' }).first().waitFor();
      await page.waitForTimeout(400);
      await shot(`status-${key}`);
      await page.mouse.move(700, 20);
    });
  await step('the page of the package: every picture is there, and nothing about building', async () => {
    await command('View: Close All Editors');
    await command('Extensions: Show Installed Extensions');
    const row = page.locator('.extensions-list .monaco-list-row', { hasText: 'NAMM Context' }).first();
    await row.click();
    await page.locator('.extension-editor .name', { hasText: 'NAMM Context' }).waitFor();
    const content = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await content.locator('h2', { hasText: 'Three steps' }).waitFor();
    const widths = await eventually(async () => {
      const all = await content.locator('img').evaluateAll((images) => images.map((i) => i.naturalWidth));
      assert.ok(
        all.every((w) => w > 0),
        JSON.stringify(all),
      );
      return all;
    });
    assert.doesNotMatch(await content.locator('body').innerText(), /npm |from a clone/);
    await page.waitForTimeout(500);
    await shot('page');
    const tabs = await page.locator('.extension-editor .navbar .action-label').allInnerTexts();
    assert.ok(
      tabs.some((t) => /changelog/i.test(t)),
      tabs.join(),
    );
    await command('View: Show Explorer');
    return { widths, tabs };
  });
  await command('View: Close All Editors');
}
