// Tour of a new user who follows only the walkthrough and needs no file, from its first button to compressed context in the clipboard.
import assert from 'node:assert/strict';
import { eventually } from './actions.mjs';

/** @param tools from the tour: page, step, shot, command, offered, more, status, struck, file */
export async function newUserTour({ page, step, shot, command, offered, more, status, struck, file }) {
  const tab = page.locator('.tab', { hasText: /Walkthrough|Welcome|Compress code context/ }).first();
  const card = (title) => page.locator('.getting-started-step', { hasText: title });
  /** Returns to the walkthrough, opens a card and clicks its button. */
  const press = async (title, button) => {
    if (!(await card(title).isVisible())) await tab.click();
    const list = page.locator('button.getting-started-category:enabled', { hasText: 'Compress code context' });
    await card(title).or(list).filter({ visible: true }).first().waitFor();
    if (await list.isVisible()) await list.click(); // the editor may show its own start page
    await card(title).waitFor();
    await page.waitForTimeout(300); // a card that slides in ignores clicks
    if (!(await card(title).locator('.monaco-button', { hasText: button }).isVisible())) await card(title).click();
    await card(title).locator('.monaco-button', { hasText: button }).waitFor();
    await page.waitForTimeout(300);
    await shot(`new-user-${button.replace(/\W+/g, '-')}`);
    await card(title).locator('.monaco-button', { hasText: button }).click();
  };
  await step('the walkthrough', async () => {
    await page.locator('.monaco-workbench').waitFor();
    await page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: file }).waitFor();
    const row = page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: 'Compress code context' });
    await eventually(async () => {
      await page.keyboard.press('Escape'); // the editor may list only its own before the extensions are loaded
      await command('Welcome: Open Walkthrough...');
      await row.click({ timeout: 2000 });
    });
    await card('Look at the result').waitFor();
    await page.waitForTimeout(500);
    await shot('walkthrough');
    for (const [i, title] of [
      'See why',
      'Say what matters',
      'Look at the result',
      'Look inside the model',
      'Collect several files',
      'Hand it over',
    ].entries()) {
      await card(title).click();
      await page.waitForTimeout(300);
      await eventually(async () => {
        const widths = await page
          .locator('.getting-started-media img')
          .evaluateAll((all) => all.map((i) => i.naturalWidth));
        assert.ok(widths.length && widths.every((w) => w > 0), JSON.stringify(widths));
      });
      await shot(`walkthrough-${i + 2}`);
    }
  });
  await step('the palette: the main command first, and no more than a screen', async () => {
    const listed = await offered('namm', 'palette-first');
    assert.match(listed[0], /^NAMM: Compress Context/);
    return listed;
  });
  const sample = 'ignoreRules.ts';
  await step('by the walkthrough alone: a sample is compressed, and a hover says why', async () => {
    await press('Compress a file', 'Try It on a Sample File');
    await page.locator(`.editor-instance .monaco-editor[data-uri$="${sample}"] .view-line`).first().waitFor();
    await status().filter({ hasText: '→' }).waitFor();
    await eventually(async () => assert.ok((await struck()).length));
    await shot('new-user-compressed');
    assert.equal(await page.locator('.notification-toast', { hasText: 'Open a text file' }).count(), 0);
    await press('See why', 'Show Why');
    await page.locator('.monaco-hover:not(.hidden) .hover-contents').first().waitFor();
    await page.waitForTimeout(300);
    await shot('new-user-why');
    return (await status().innerText()).trim();
  });
  await step('by the walkthrough alone: the result, a pin, the clipboard', async () => {
    await press('Look at the result', 'Show Compressed Context');
    await page.locator('.monaco-diff-editor .editor.modified .view-line').first().waitFor();
    await page.waitForTimeout(500);
    await shot('new-user-diff');
    await press('Say what matters', 'Keep Selected Lines');
    await page.locator('.editor-instance .glyph-margin-widgets .cgmr').first().waitFor();
    await page.waitForTimeout(1500);
    await shot('new-user-pinned');
    await more('Remove All Marks of the File');
    await page.waitForTimeout(1500);
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await press('Look inside the model', 'Inspect Retention');
    await page.locator('.tab.active', { hasText: /ignoreRules/ }).waitFor();
    await page.waitForTimeout(1500);
    await shot('new-user-inspector');
    await press('Hand it over', 'Copy Compressed Context');
    await page.locator('.statusbar-item', { hasText: `Copied ${sample}` }).waitFor();
    await shot('new-user-copied');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /\d+… #[a-z2-7]{4}/);
    await command('View: Close All Editors');
    return copied.length;
  });
}
