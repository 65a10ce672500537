// Tour of a reload of the window: marks, the question and the context files are still there.
import assert from 'node:assert/strict';
import { eventually } from './actions.mjs';

const QUESTION = 'How is an action type matched?';

/** @param tools from the tour: page, pane (the Context view), step, shot, command, more, openFile, goTo, theme, file, line (of a statement) */
export async function reloadTour({ page, pane, step, shot, command, more, openFile, goTo, theme, file, line }) {
  const pins = () =>
    page
      .locator('.editor-instance .glyph-margin-widgets .cgmr')
      .evaluateAll((all) => all.filter((e) => /pin-(?:light|dark)/.test(getComputedStyle(e).backgroundImage)).length);
  const row = pane.locator('.monaco-list-row', { hasText: file });
  const askedBefore = page.locator('.quick-input-widget input.input');
  await step('a reload of the window keeps marks, question and context files', async () => {
    await theme('dark');
    await command('View: Close All Editors');
    await openFile(file);
    await goTo(line);
    await command('NAMM: Keep These Lines');
    await eventually(async () => assert.ok(await pins()));
    await more('Add Open Editors to Context Files');
    await row.waitFor();
    await command('NAMM: Set Question');
    await askedBefore.fill(QUESTION);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(1000); // it is stored
    await page.reload();
    await page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: file }).waitFor();
    await openFile(file);
    await goTo(line);
    await eventually(async () => assert.ok(await pins()));
    await row.waitFor();
    await command('NAMM: Set Question');
    await eventually(async () => assert.equal(await askedBefore.inputValue(), QUESTION));
    await shot('reloaded');
    await page.keyboard.press('Escape');
  });
}
