// Makes the page that the Extensions view and a gallery show from a Markdown file of the repository: links lead to the repository, and so do
// pictures. The view loads pictures over https alone, none from the package, so a page without a public repository has none. Says what would
// not resolve.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import MarkdownIt from 'markdown-it';

/** Targets of a text's links and pictures, each once. @returns {{ links: string[], pictures: string[], html: boolean }} */
export function targetsOf(markdown) {
  const links = new Set();
  const pictures = new Set();
  const tokens = new MarkdownIt({ html: true }).parse(markdown, {});
  let html = false;
  const visit = (token) => {
    if (token.type === 'link_open') links.add(token.attrGet('href'));
    if (token.type === 'image') pictures.add(token.attrGet('src'));
    if (/^html_/.test(token.type) && !token.content.startsWith('<!--')) html = true;
    token.children?.forEach(visit);
  };
  tokens.forEach(visit);
  return { links: [...links], pictures: [...pictures], html };
}

const isRelative = (target) => !/^(?:[a-z]+:|#)/.test(target);

/**
 * @param file path of the Markdown file, from the root of the repository
 * @param repository https address of the repository
 * @param linked pictures are linked in the repository: for a gallery, once the repository is public; else they are left out
 * @returns the page. @throws if a picture or the target of a link is not in the repository
 */
export function pageOf(file, repository, linked = false) {
  const markdown = readFileSync(file, 'utf8');
  const { links, pictures } = targetsOf(markdown);
  const changed = new Map();
  const inRepository = (target) => {
    const [at, anchor] = target.split('#');
    const to = path.posix.join(path.posix.dirname(file), at);
    if (!existsSync(to)) throw new Error(`${file}: there is no ${to}`);
    return { to, anchor };
  };
  for (const target of links.filter(isRelative)) {
    const { to, anchor } = inRepository(target);
    changed.set(target, `${repository}/blob/HEAD/${to}${anchor ? `#${anchor}` : ''}`);
  }
  for (const target of pictures.filter(isRelative)) {
    const { to } = inRepository(target);
    if (!/\.(?:png|gif)$/.test(to)) throw new Error(`${file}: ${to} is neither PNG nor GIF`);
    changed.set(target, `${repository}/raw/HEAD/${to}`);
  }
  const shown = linked ? markdown : markdown.replace(/^!\[[^\]]*\]\([^)\s]+\)\n\n?/gm, '');
  return shown.replace(/\]\(([^)\s]+)\)/g, (all, target) => (changed.has(target) ? `](${changed.get(target)})` : all));
}

/** What of a page would not resolve where it is shown: everything must be in the page, or in the repository over https. */
export function pageFaults(page, repository) {
  const { links, pictures, html } = targetsOf(page);
  const anchors = new Set(
    [...page.matchAll(/^#+ +(.+?) *$/gm)].map(([, title]) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
  const inRepository = (target) => target === repository || target.startsWith(`${repository}/`);
  return [
    // Of a <picture> the view and the Marketplace show the <img> alone, and both of two pictures for kinds of themes
    // (microsoft/vsmarketplace#933 and #281, microsoft/vscode#139556).
    ...(html ? ['HTML, which the view may not show'] : []),
    ...pictures.filter((p) => !inRepository(p)).map((p) => `picture ${p}`),
    ...links.filter((l) => (l.startsWith('#') ? !anchors.has(l.slice(1)) : !inRepository(l))).map((l) => `link ${l}`),
  ];
}
