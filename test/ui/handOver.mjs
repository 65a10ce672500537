// Tour of the hand-over: chat view, @namm, the user's server, the list of assistants.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';

const piece = (content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;

/** A fake server with an OpenAI-compatible API; `answer` makes its answers. */
export async function ownServer() {
  const own = {
    asked: [],
    answer: (response) => {
      for (const content of ['An action matches when its **type** is the one ', 'that `createAction` was given.'])
        response.write(piece(content));
      response.end(
        `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 1312, completion_tokens: 17 } })}\n\ndata: [DONE]\n\n`,
      );
    },
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (d) => (body += d));
    request.on('end', () => {
      own.asked.push({
        key: request.headers.authorization,
        body: JSON.parse(body),
        closed: new Promise((resolve) => response.on('close', resolve)),
      });
      own.answer(response.writeHead(200, { 'content-type': 'text/event-stream' }));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(own, {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}

/** @param tools from the tour: page, step, shot, command, more, openFile, setting, theme, settle, themes (names), file, own */
export async function handOverTour({
  page,
  step,
  shot,
  command,
  more,
  openFile,
  setting,
  theme,
  settle,
  picture,
  themes,
  file,
  own,
}) {
  await step('without a chat the user is told, and can copy instead', async () => {
    await command('NAMM: Send Compressed Context to Chat');
    const toast = page.locator('.notification-toast .notification-list-item', {
      hasText: 'chat view is not available',
    });
    await toast.waitFor();
    await page.waitForTimeout(400);
    await shot('no-chat');
    await toast.locator('.monaco-button', { hasText: 'Copy Instead' }).click();
    await page.locator('.statusbar-item', { hasText: 'Copied' }).waitFor();
  });
  await step('with a chat it is filled in, with the file attached, and not sent', async () => {
    await setting('chat.disableAIFeatures', false);
    await page.waitForTimeout(2000);
    await command('NAMM: Send Compressed Context to Chat');
    await page
      .locator('.interactive-session .chat-attached-context-attachment', { hasText: '.compressed' })
      .first()
      .waitFor();
    await page.waitForTimeout(400);
    await shot('chat');
    assert.equal(await page.locator('.interactive-request').count(), 0);
  });
  let expandedId;
  await step('@namm answers in the chat, with what it brought back', async () => {
    await setting('chat.disableAIFeatures', false);
    await page.waitForTimeout(1500);
    await openFile(file);
    await command('Chat: New Chat', 5000).catch(() => command('Chat: Open Chat'));
    await page.locator('.interactive-session').first().waitFor();
    const input = page.locator('.interactive-input-part .monaco-editor').first();
    // Remove what an earlier hand-over filled in and attached.
    const chips = page.locator('.interactive-input-part .chat-attached-context-attachment .codicon-close');
    for (let i = 0; i < 4 && (await chips.count()); i++) await chips.first().click();
    await input.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.keyboard.type('@namm How is an action type matched?', { delay: 15 });
    await page.waitForTimeout(600);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    const response = page.locator('.interactive-item-container.interactive-response', {
      hasText: 'What was left out is',
    });
    await response.waitFor();
    await page.locator('.interactive-session', { hasText: 'Ask again with more context' }).waitFor();
    const text = (await response.innerText()).replace(/\s+/g, ' ');
    assert.match(text, /createAction\.ts: [\d,]+ of [\d,]+ tokens/);
    assert.match(text, /Lines \d+-\d+ of/);
    const followups = await page.locator('.interactive-session').allInnerTexts();
    expandedId = /Expand ([a-z2-7]{4}:\d+) and ask again/.exec(followups.join('\n'))[1];
    return text.slice(0, 300);
  });
  for (const key of themes)
    await step(`@namm in the chat, ${key}`, async () => {
      await theme(key);
      await settle();
      await shot(`ask-${key}`);
    });
  await step('@namm shows what was sent, byte for byte', async () => {
    await theme('dark');
    await page.locator('.interactive-response .monaco-button', { hasText: 'Show What Was Sent' }).last().click();
    await page.locator('.tab.active', { hasText: 'sent.md' }).waitFor();
    await page.locator('.editor-instance .view-line', { hasText: 'Here is source code for the question' }).waitFor();
    await shot('sent');
  });
  await step('an elision is still there after a reload', async () => {
    await page.reload();
    await page.waitForTimeout(3000);
    await page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: file }).dblclick();
    await page.locator(`.editor-instance .monaco-editor[data-uri$="/${file}"] .view-line`).first().waitFor();
    await more('Expand Elision…');
    const box = page.locator('.quick-input-widget input.input');
    await page.locator('.quick-input-widget', { hasText: 'For a comment such as' }).waitFor();
    await box.fill(expandedId);
    await page.keyboard.press('Enter');
    await page.locator('.tab.active', { hasText: /:\d+(-\d+)?\./ }).waitFor();
    await command('View: Close All Editors');
  });
  await step('own server: the key is asked for in secret, and the preview comes before anything is sent', async () => {
    await openFile(file);
    await command('NAMM: Set API Key');
    const box = page.locator('.quick-input-widget input.input');
    await page.locator('.quick-input-widget', { hasText: 'API key for 127.0.0.1' }).waitFor();
    assert.equal(await box.getAttribute('type'), 'password');
    await box.fill('sk-tour');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(500);
    await more('Ask Configured Server with Compressed Context…');
    await page.locator('.quick-input-widget', { hasText: 'small-coder at 127.0.0.1' }).waitFor();
    await box.fill('How is an action type matched?');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Show What Is Sent' }).waitFor();
    await page.waitForTimeout(400);
    await shot('preview');
    await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Show What Is Sent' }).click();
    await page.locator('.tab.active', { hasText: 'to-send.md' }).waitFor();
    await page.waitForTimeout(500);
    await shot('preview-text');
    assert.equal(own.asked.length, 0);
  });
  await step('own server: sent once, the answer is streamed beside', async () => {
    await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Send to small-coder' }).click();
    await page.locator('.editor-instance .view-line', { hasText: '1,312 tokens sent' }).waitFor();
    assert.equal(own.asked.length, 1);
    assert.equal(own.asked[0].key, 'Bearer sk-tour');
    await settle();
    await shot('answer');
  });
  await step('own server: cancelled in the middle, what had come stays', async () => {
    own.answer = (response) => response.write(piece('It goes on and on'));
    await page.locator('.tab', { hasText: file }).first().click();
    await more('Ask Configured Server with Compressed Context…');
    const box = page.locator('.quick-input-widget input.input');
    await page.locator('.quick-input-widget', { hasText: 'small-coder at 127.0.0.1' }).waitFor();
    await box.fill('And why?');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Send to small-coder' }).click();
    await page.locator('.editor-instance .view-line', { hasText: 'It goes on and on' }).waitFor();
    await page
      .locator('.notification-toast', { hasText: 'small-coder is answering' })
      .locator('.monaco-button', { hasText: 'Cancel' })
      .click();
    await page.locator('.editor-instance .view-line', { hasText: 'Cancelled.' }).waitFor();
    await own.asked[1].closed;
    assert.equal(own.asked.length, 2);
    await shot('cancelled');
  });
  await step('hand over: only what is there is listed', async () => {
    await page.locator('.tab', { hasText: file }).first().click();
    await command('NAMM: Hand Over Compressed Context…');
    await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Clipboard' }).waitFor();
    const rows = (await page.locator('.quick-input-widget .monaco-list-row').allInnerTexts()).join('\n');
    assert.ok(/Chat view/.test(rows) && /small-coder/.test(rows) && !/Cline|Roo|Continue|Claude/.test(rows), rows);
    await shot('hand-over');
    await page.keyboard.press('Escape');
  });
  for (const key of themes)
    await step(`hand over, ${key}`, async () => {
      await theme(key);
      await command('NAMM: Hand Over Compressed Context…');
      await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Clipboard' }).waitFor();
      await page.waitForTimeout(400);
      await shot(`hand-over-${key}`);
      await picture(key, 'hand', 304, 0);
      await page.keyboard.press('Escape');
    });
}
