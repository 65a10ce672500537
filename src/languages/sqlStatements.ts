// Tells where statements of SQL begin and end, routines with statements inside among them.

/** How a statement of SQL begins, and one that holds others. */
const STATEMENT =
  /^\s*(select|insert|update|delete|create|alter|drop|with|merge|grant|revoke|exec|set|use|begin|declare|truncate|comment|call)\b/i;
const ROUTINE =
  /^\s*(create|alter)\b[^;(]*\b(function|procedure|trigger|package|event)\b|^\s*(declare\b|begin\b(?!\s*(;|transaction|work|tran)))/i;
const SUBROUTINE = /^\s*(create|alter)\b[^;(]*\b(function|procedure|trigger|package|event)\b/i;
/** Words that open or close a part of a routine. `END IF` closes what no word here opens. */
const PART =
  /(?<![\w.@:$"`[])(?:end\s+(?:if|loop|while|repeat|for)|(?<end>end)(?:\s+case)?|(?<begin>begin)(?!\s*(?:;|transaction|work|tran))|(?<case>case)|(?<declares>is|as|declare(?!\s*@)))\b/gi;
/** The head of a routine, or of a group of them, inside which a line may stand. */
const PART_HEAD =
  /^\s*(?:(?:create|alter|member|static|constructor|overriding|map|order)\b[^;(]*?)?\b(?:(procedure|function|trigger|event)|package|type\s+body|compound\s+trigger)\b/i;
const HEAD_UNITS = 400; // UTF-16 units of a statement that tell its kind

/** A part of a routine that is open: its head, its declarations, its statements, a CASE. */
type Part = 'head' | 'declarations' | 'statements' | 'case';
const isBody = (part: Part): boolean => part === 'statements' || part === 'case';

/** One line of a statement. */
interface SqlLine {
  readonly code: string;
  readonly words: string;
  readonly isOpen: boolean;
  readonly end: number;
}

/** The statements of one text, line by line. */
export class SqlStatements {
  private readonly parts: Part[] = []; // of the statement under work, if it is a routine, outermost first
  private readonly batches: boolean; // whether lines `GO` end what stands above

  constructor(private readonly text: string) {
    this.batches = /^[ \t]*go[ \t]*\r?$/im.test(text);
  }

  /** A new statement is read. */
  reset(): void {
    this.parts.length = 0;
  }

  /** Whether a line below a blank one begins a statement, although the one above has no end. Inside a routine it does not. */
  begins(code: string): boolean {
    const { parts } = this;
    if (!STATEMENT.test(code)) return false;
    if (!parts.length || SUBROUTINE.test(code)) return true;
    return !parts.some(isBody) && !this.batches && !/^\s*(begin|declare)\b/i.test(code);
  }

  /** Notes which parts of a routine a line opens and closes. @returns whether it closes the outermost one */
  private readParts(words: string): boolean {
    const { parts } = this;
    const head = PART_HEAD.exec(words);
    if (head) parts.push(head[1] ? 'head' : 'statements');
    let closed = false;
    for (const { groups } of words.matchAll(PART)) {
      const last = parts.at(-1);
      const declared = last === 'head' || last === 'declarations';
      if (groups!.end) {
        parts.pop();
        closed = !parts.length && last !== 'case';
      } else if (groups!.case) parts.push('case');
      else if (groups!.begin) {
        if (declared) parts.pop();
        parts.push('statements');
      } else if (groups!.declares && last === 'head') parts[parts.length - 1] = 'declarations';
      else if (groups!.declares && !last && /^declare/i.test(groups!.declares)) parts.push('declarations');
    }
    return closed && !parts.length;
  }

  /**
   * Whether a line ends its statement.
   * @param line its code, the same without strings, whether it ends inside a string or brackets, and its end
   * @param start of the statement
   */
  ends({ code, words, isOpen, end }: SqlLine, start: number): boolean {
    const { parts, text } = this;
    const closed = this.readParts(words);
    if (isOpen) return false;
    if (/^\s*(go|\/)$/i.test(code)) return true;
    if (!code.endsWith(';')) return false;
    const head = text.slice(start, Math.min(end, start + HEAD_UNITS));
    if (!ROUTINE.test(head)) return true;
    const declared = parts.at(-1) === 'head'; // all of a routine: what it does is said elsewhere
    if (declared) parts.pop();
    return closed || (declared && !parts.length) || /\$\w*\$/.test(code);
  }
}
