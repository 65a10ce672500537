// Tour of the Context view in every theme: empty, filled, compressed, dragged into and cleared.
/** @param tools from the tour: page, pane (the view), step, shot, command, more, openFile, theme, settle, picture (makes one for the walkthrough), themes, file */
export async function contextTour({
  page,
  pane,
  step,
  shot,
  command,
  more,
  openFile,
  theme,
  settle,
  picture,
  themes,
  file,
}) {
  /** A button in the title of the Context view. */
  const viewAction = async (label) => {
    await pane.hover();
    await pane.locator(`.action-label[aria-label^="${label}"]`).first().click();
  };

  /** Drags with the mouse in small steps: the editor reacts to every position on the way. */
  const drag = async (from, to) => {
    const [a, b] = [await from.boundingBox(), await to.boundingBox()];
    await page.mouse.move(a.x + 60, a.y + a.height / 2);
    await page.mouse.down();
    await page.mouse.move(a.x + 70, a.y + a.height / 2 + 8, { steps: 3 });
    await page.mouse.move(b.x + 60, b.y + b.height / 2, { steps: 8 });
    await page.waitForTimeout(300);
    await page.mouse.up();
    await page.waitForTimeout(500);
  };

  await step('the Context view, empty, says what to do', async () => {
    await command('NAMM: Open Context Files');
    await page.locator('.welcome-view-content', { hasText: 'Collect files and compress' }).first().waitFor();
    await page.waitForTimeout(400);
    await shot('context-empty');
  });
  await step('the Context view: files, counts, total', async () => {
    await openFile('auth.go');
    await openFile('background.py');
    await openFile(file);
    await more('Add Open Editors to Context Files');
    await page.locator('.statusbar-item', { hasText: /Added to the context: .*auth\.go/ }).waitFor(); // shown because the view may be hidden
    await page.locator('.pane .monaco-list-row', { hasText: '≈' }).first().waitFor(); // the command is offered as soon as a file is there
    await page.waitForTimeout(500);
    await viewAction('Compress Context Files');
    await page.locator('.pane .monaco-list-row', { hasText: '→' }).first().waitFor();
    await page.locator('.pane .message', { hasText: 'of the window' }).waitFor();
    await page.waitForTimeout(500);
  });
  for (const key of themes)
    await step(`context, ${key}`, async () => {
      await theme(key);
      await settle();
      await shot(`context-${key}`);
      await picture(key, 'collect', 0);
    });
  await step('the Context view: a file dragged in from the Explorer, a row dragged to the top', async () => {
    await theme('dark');
    await settle();
    const files = page.locator('.explorer-folders-view .monaco-list-row');
    await drag(files.filter({ hasText: 'view.js' }), pane.locator('.monaco-list-row').last());
    await pane.locator('.monaco-list-row', { hasText: 'view.js' }).waitFor();
    await drag(pane.locator('.monaco-list-row', { hasText: 'view.js' }), pane.locator('.monaco-list-row').first());
    await pane.locator('.monaco-list-row').first().filter({ hasText: 'view.js' }).waitFor();
    await page.waitForTimeout(400);
    await shot('context-dragged');
    return (await pane.locator('.monaco-list-row').allInnerTexts()).map((t) => t.replace(/\s+/g, ' '));
  });
  await step('the Context view is cleared', async () => {
    await pane.hover();
    await pane.locator('.codicon-toolbar-more').first().click();
    const item = page.locator('.monaco-menu .action-item', { hasText: 'Remove All Context Files' });
    await item.waitFor();
    await page.waitForTimeout(400); // a menu that has just opened ignores clicks
    await item.click();
    await page.locator('.welcome-view-content', { hasText: 'Collect files and compress' }).first().waitFor();
    await openFile(file);
  });
}
