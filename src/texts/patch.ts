// Reads a diff or a patch: mails or commits, the files they change, the hunks of each file, the lines of each hunk.
import { append } from '../core/append';
import type { Span } from '../core/span';

/**
 * - `mail`: one mail of `git format-patch`, or one commit of `git log -p`; `words`: a paragraph of its message, or of what stands in front of all files
 * - `file`: the head of a file with its hunks; `hunk`: from its `@@` line on
 * - `context`: lines of a hunk that did not change, one below another; `change`: lines taken away and lines put in their place
 * - `lines`: a part of a long change that only adds, or only takes away
 */
export type PatchPartKind = 'mail' | 'words' | 'file' | 'hunk' | 'context' | 'change' | 'lines';

/** Whole lines of a patch. Parts lie inside it, in text order; what lies in none of them is its own head. */
export interface PatchPart extends Span {
  readonly kind: PatchPartKind;
  end: number;
  readonly parts: PatchPart[];
  /** Of a hunk: its first line in the old file, 1-based. */
  readonly line?: number;
  /** Of a file: whether it is new, taken away or binary, so that it means nothing without all of its hunks. */
  whole?: boolean;
}

const MAIL = /^(?:From|commit) [0-9a-f]{7,64}\b/;
const FILE = /^(?:diff |Index: )/;
const HUNK = /^(@@+) -(\d{1,9})(?:,(\d{1,9}))?.*? \+\d{1,9}(?:,(\d{1,9}))? @@/;
const WHOLE = /^(?:new file mode|deleted file mode|GIT binary patch|Binary files |(?:---|\+\+\+) \/dev\/null)/;
const HEAD_UNITS = 200; // UTF-16 units of a line that tell what it is
const DIVIDED_FROM = 40; // lines of a hunk, or of a change, from which its parts can go one by one
const LEAST_CONTEXT = 12; // UTF-16 units; fewer cost no more than a marker

/** The outermost parts of a patch, in text order. Time is linear in the text. */
export function patchParts(text: string): PatchPart[] {
  const reader = new Reader(text);
  for (let start = text.startsWith('\ufeff') ? 1 : 0; start < text.length;) {
    const at = text.indexOf('\n', start);
    const end = at < 0 ? text.length : at + 1;
    reader.read(start, end);
    start = end;
  }
  reader.closeMail();
  return reader.roots;
}

class Reader {
  readonly roots: PatchPart[] = [];
  private mail: PatchPart | undefined;
  private file: PatchPart | undefined;
  private hunk: PatchPart | undefined;
  private words: PatchPart | undefined; // the paragraph that is not complete
  private at = 0; // end of the last line
  private columns = 1; // of a hunk: one for each parent
  private old = 0; // lines of the hunk that are still to come, by its head
  private added = 0;
  private lines: Line[] = []; // of the hunk
  private message = false; // whether the head of the mail is read
  private subject = false; // whether the next paragraph says what a commit is

  constructor(private readonly text: string) {}

  read(start: number, end: number): void {
    const head = this.text.slice(start, Math.min(end, start + HEAD_UNITS));
    if (!this.inHunk(head, start, end)) this.outside(head, start, end);
    this.at = end;
  }

  /** Takes a line of the open hunk. The counts tell a line `--- a` that was taken away from the head of a file. */
  private inHunk(head: string, start: number, end: number): boolean {
    if (!this.hunk) return false;
    const { columns } = this;
    const sign = head[0]!;
    if (sign === '\\') {
      const last = this.lines.at(-1);
      if (last) last.end = end;
      return true;
    }
    const blank = sign === '\n' || sign === '\r';
    if (!blank && sign !== ' ' && sign !== '+' && sign !== '-') return false;
    const open = columns > 1 ? !head.startsWith('-- \n') : this.old > 0 || this.added > 0;
    if (!open || (blank && columns > 1)) return false;
    const signs = head.slice(0, columns);
    const kind = blank || !/[+-]/.test(signs) ? 'context' : signs.includes('+') ? 'added' : 'removed';
    if (kind !== 'added') this.old--;
    if (kind !== 'removed') this.added--;
    this.lines.push({ start, end, kind, empty: !head.slice(columns).trim() });
    return true;
  }

  private outside(head: string, start: number, end: number): void {
    this.closeHunk();
    if (MAIL.test(head)) {
      this.closeMail();
      this.mail = part('mail', start, end);
      this.message = false;
      this.subject = head.startsWith('commit');
      this.roots.push(this.mail);
      return;
    }
    const isPair = head.startsWith('--- ') && this.text.startsWith('+++ ', end);
    if (FILE.test(head) || (isPair && (!this.file || this.file.parts.length > 0))) return this.openFile(start, end);
    const hunk = this.file && HUNK.exec(head);
    if (hunk) return this.openHunk(hunk, start, end);
    // The signature of a mail.
    if (this.mail && this.file?.parts.length && /^-- \r?\n?$/.test(head)) return this.closeFile();
    if (!this.file) return this.readWords(head, start, end);
    if (WHOLE.test(head)) this.file.whole = true;
  }

  private openFile(start: number, end: number): void {
    this.closeFile();
    this.words = undefined;
    this.file = part('file', start, end);
    (this.mail?.parts ?? this.roots).push(this.file);
  }

  private openHunk([, signs, line, old = '1', added = '1']: RegExpExecArray, start: number, end: number): void {
    this.hunk = { ...part('hunk', start, end), line: Number(line) };
    this.file!.parts.push(this.hunk);
    this.columns = signs!.length - 1;
    this.old = Number(old);
    this.added = Number(added);
    this.lines = [];
  }

  /** A line of a mail in front of its files, or of a text in front of all files. */
  private readWords(head: string, start: number, end: number): void {
    const blank = !head.trim();
    if (this.mail && !this.message) {
      this.message = blank;
      return;
    }
    if (blank || /^---\s*$/.test(head)) {
      this.words = undefined;
      return;
    }
    if (this.words) this.words.end = end;
    else {
      this.words = part('words', start, end);
      if (this.subject) this.subject = false;
      else (this.mail?.parts ?? this.roots).push(this.words);
    }
  }

  private closeHunk(): void {
    if (!this.hunk) return;
    this.hunk.end = this.at;
    append(this.hunk.parts, partsOfHunk(this.lines));
    this.hunk = undefined;
  }

  private closeFile(): void {
    this.closeHunk();
    if (this.file) this.file.end = this.at;
    this.file = undefined;
    this.words = undefined;
  }

  closeMail(): void {
    this.closeFile();
    if (this.mail) this.mail.end = this.at;
    this.mail = undefined;
  }
}

interface Line extends Span {
  end: number;
  readonly kind: 'context' | 'added' | 'removed';
  readonly empty: boolean;
}

const part = (kind: PatchPartKind, start: number, end: number): PatchPart => ({ kind, start, end, parts: [] });

/** The context of a hunk, and of a long hunk its changes. A change is whole: neither half of it says what the other does. */
function partsOfHunk(lines: readonly Line[]): PatchPart[] {
  const out: PatchPart[] = [];
  for (let i = 0; i < lines.length;) {
    const from = i;
    const isContext = lines[i]!.kind === 'context';
    while (i < lines.length && (lines[i]!.kind === 'context') === isContext) i++;
    const run = lines.slice(from, i);
    const whole = part(isContext ? 'context' : 'change', run[0]!.start, run.at(-1)!.end);
    if (isContext) {
      if (whole.end - whole.start >= LEAST_CONTEXT) out.push(whole);
    } else if (lines.length >= DIVIDED_FROM) {
      if (run.length >= DIVIDED_FROM && run.every((l) => l.kind === run[0]!.kind)) append(whole.parts, paragraphs(run));
      out.push(whole);
    }
  }
  return out;
}

/** The stretches between empty lines. */
function paragraphs(lines: readonly Line[]): PatchPart[] {
  const out: PatchPart[] = [];
  let open: PatchPart | undefined;
  for (const { start, end, empty } of lines) {
    if (empty) open = undefined;
    else if (open) open.end = end;
    else out.push((open = part('lines', start, end)));
  }
  return out.length > 1 ? out : [];
}
