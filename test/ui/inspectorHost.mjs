// Opens the inspector's page in a plain browser, with a made-up report of any number of layers, in the colours of a theme.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../host/codeServer.mjs';

/** What the editor gives its web views in each theme; the tour checks it against the real ones. */
export const LOOKS = JSON.parse(readFileSync(path.join(import.meta.dirname, 'looks.json'), 'utf8'));

/** The names of the theme colours that the page's stylesheet uses. */
export function namesUsed() {
  const css = readFileSync(path.join(ROOT, 'media/inspector.css'), 'utf8');
  return [...new Set(css.match(/--vscode-[\w-]+/g))].sort();
}

/**
 * A page that shows the report. The panel's part is played by `host` below: it answers a budget and a comparison.
 * @param context of the browser. @param look key of LOOKS. @param width, height pixels of the page
 */
export async function openInspector(context, { look, layers, heads, text, width = 1000, height = 800 }) {
  const { className, colours } = LOOKS[look];
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  const css = readFileSync(path.join(ROOT, 'media/inspector.css'), 'utf8');
  const start = JSON.stringify({ words: {}, scorers: ['namm', 'h2o', 'recency'] });
  await page.setContent(
    `<!DOCTYPE html><html lang="en"><head><title>Retention</title><style>${css}</style></head><body class="${className}"></body></html>`,
  );
  await page.evaluate(dress, { className, colours, start });
  await page.evaluate(host, { layers, heads, text });
  await page.addScriptTag({ path: path.join(ROOT, 'dist/inspector.js') });
  await page.locator('main').waitFor();
  return page;
}

/** Changes the colours of the page, as the editor does. */
export async function changeLook(page, look) {
  const { className, colours } = LOOKS[look];
  await page.evaluate(dress, { className, colours });
}

function dress({ className, colours, start }) {
  document.body.className = className;
  if (start) document.body.dataset.start = start;
  document.documentElement.removeAttribute('style');
  const fonts = {
    '--vscode-font-family': 'system-ui, sans-serif',
    '--vscode-font-size': '13px',
    '--vscode-editor-font-family': 'monospace',
    '--vscode-editor-font-size': '14px',
  };
  for (const [name, value] of Object.entries({ ...fonts, ...colours }))
    document.documentElement.style.setProperty(name, value);
}

/** Runs in the page: makes the report, and answers as the panel does. `sent` holds what the page said. */
function host({ layers, heads, text }) {
  const CHUNK = 512;
  const HEADER = 6;
  let seed = 7;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const pieces = text.match(/\w+|\s+|[^\w\s]/g);
  const tokens = pieces.length;
  const bounds = new Int32Array(tokens + 1);
  pieces.forEach((p, i) => (bounds[i + 1] = bounds[i] + p.length));
  const updates = Math.ceil((tokens + HEADER) / CHUNK);
  const read = Int32Array.from({ length: updates }, (_, u) => Math.min(tokens, (u + 1) * CHUNK - HEADER));
  const reportOf = (scorer) => {
    const size = layers * heads * tokens;
    const [scores, keeps, evictedAt] = [new Float32Array(size), new Uint8Array(size), new Int16Array(size).fill(-1)];
    const retention = new Float32Array(tokens);
    for (let i = 0; i < size; i++) {
      const [cache, token] = [Math.floor(i / tokens), i % tokens];
      const wave = Math.sin((token / tokens) * (4 + Math.floor(cache / heads)) + cache);
      scores[i] = random() - 0.45 - (0.3 * cache) / layers / heads + 0.25 * wave;
      keeps[i] = scores[i] >= 0 ? 1 : 0;
      retention[token] += keeps[i] / layers / heads;
      const first = read.findIndex((n) => token < n);
      if (!keeps[i]) evictedAt[i] = Math.min(updates - 1, first + Math.floor(random() * 3));
    }
    const classes = Uint8Array.from(pieces, (p) => (/^\s/.test(p) ? 0 : /^\w/.test(p) ? 5 : 7));
    const model = { name: 'made-up', sha256: '0' };
    return {
      ...{ version: 1, path: 'made.ts', languageId: 'typescript', scorer, model, layers, heads, bounds, classes },
      ...{ ids: Int32Array.from({ length: tokens }, (_, i) => i), scores, keeps, retention, threshold: 0 },
      ...{ evictedAt, updates, read, meanCacheLength: 300 },
    };
  };
  // Every line with words is a statement.
  const lines = [];
  let at = 0;
  for (const line of text.split('\n')) {
    if (line.trim()) lines.push({ start: at, end: Math.min(text.length, at + line.length + 1) });
    at += line.length + 1;
  }
  const rankOf = (salt) =>
    lines
      .map((l, i) => ({ ...l, worth: ((i * salt) % 97) / 20, tokens: Math.ceil((l.end - l.start) / 4), class: 'body' }))
      .sort((a, b) => b.worth - a.worth);
  const all = rankOf(31).reduce((sum, l) => sum + l.tokens, 0);
  const cut = (ranked, keepRatio) => {
    let [kept, after] = [0, 0];
    while (kept < ranked.length && after + ranked[kept].tokens <= keepRatio * all) after += ranked[kept++].tokens;
    const gone = ranked.slice(kept).sort((a, b) => a.start - b.start);
    const spans = [];
    let end = 0;
    for (const g of gone) {
      if (g.start > end) spans.push({ start: end, end: g.start, kept: true, reason: 'score' });
      spans.push({ start: g.start, end: g.end, kept: false, reason: 'score' });
      end = g.end;
    }
    if (end < text.length) spans.push({ start: end, end: text.length, kept: true, reason: 'score' });
    const edges = [];
    for (const s of spans)
      if (!s.kept && edges.at(-1) === s.start) edges[edges.length - 1] = s.end;
      else if (!s.kept) edges.push(s.start, s.end);
    return { spans, kept, after, dropped: Int32Array.from(edges) };
  };
  const budgetOf = (keepRatio) => {
    const ranked = rankOf(31);
    const { spans, kept, after, dropped } = cut(ranked, keepRatio);
    const recipientTokens = { before: all, after };
    const file = { ...recipientTokens, dropped };
    const ranking = { statements: JSON.stringify(ranked), kept };
    return {
      ...{
        keepRatio,
        budget: { kind: 'keepRatio', keepRatio },
        scorer: 'extended',
        counter: 'o200k',
        ...recipientTokens,
      },
      ...{ files: [file], index: 0, subject: { spans, recipientTokens, ranking } },
    };
  };
  const sent = (globalThis.sent = []);
  let ratio = 0.5;
  const post = (message) => globalThis.dispatchEvent(new MessageEvent('message', { data: message }));
  const answers = {
    ready: () => {
      const subject = { uri: 'file:///made.ts', path: 'made.ts', start: 0, end: text.length, text };
      post({ kind: 'subject', subject, whole: true, scorer: 'extended', report: reportOf('extended'), stale: false });
      for (const opened of [true, false]) post({ kind: 'budget', budget: budgetOf(ratio), opened });
    },
    budget: ({ keepRatio }) => post({ kind: 'budget', budget: budgetOf((ratio = keepRatio)), opened: false }),
    compare: ({ scorer }) => {
      const { dropped } = cut(rankOf(53), ratio);
      post({ kind: 'compared', compared: scorer && { report: reportOf(scorer), dropped } });
    },
  };
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => {
      sent.push(message);
      setTimeout(() => answers[message.kind]?.(message));
    },
    getState: () => undefined,
    setState: () => undefined,
  });
}
