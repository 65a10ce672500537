// Makes the page that the Extensions view and a gallery show from a Markdown file of the repository: pictures are embedded, because
// the view loads no file of the package, and links lead to the repository. Says what would not resolve.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import MarkdownIt from 'markdown-it';

const TYPES = { '.png': 'image/png', '.gif': 'image/gif' };

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
 * @param linked pictures are linked in the repository, instead of embedded: for a gallery, once the repository is public
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
    const type = TYPES[path.extname(to)];
    if (!type) throw new Error(`${file}: ${to} is neither PNG nor GIF`);
    changed.set(
      target,
      linked ? `${repository}/raw/HEAD/${to}` : `data:${type};base64,${readFileSync(to).toString('base64')}`,
    );
  }
  return markdown.replace(/\]\(([^)\s]+)\)/g, (all, target) =>
    changed.has(target) ? `](${changed.get(target)})` : all,
  );
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
    ...(html ? ['HTML, which the view may not show'] : []),
    ...pictures
      .filter((p) => !/^data:image\/(?:png|gif);base64,/.test(p) && !inRepository(p))
      .map((p) => `picture ${p}`),
    ...links.filter((l) => (l.startsWith('#') ? !anchors.has(l.slice(1)) : !inRepository(l))).map((l) => `link ${l}`),
  ];
}
