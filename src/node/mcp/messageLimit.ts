// Splits standard input into messages. A message above the limit is dropped as it arrives, and its sender gets an error.
import { Transform, type TransformCallback } from 'node:stream';

/** Enough for the longest text at three bytes a unit, and the message around it. */
export const MAX_MESSAGE_BYTES = 8_000_000;

const EDGE = 4096; // bytes at either end of a dropped message that are searched for its id
const ID = String.raw`"id"\s*:\s*("(?:[^"\\]|\\.){0,200}"|-?\d{1,15})`;
const ID_FIRST = new RegExp(String.raw`^\s*\{(?:\s*"(?:jsonrpc|method)"\s*:\s*"[^"]*"\s*,)*\s*${ID}\s*,`);
const ID_LAST = new RegExp(String.raw`,\s*${ID}\s*\}\s*$`);

/**
 * Passes whole lines on.
 * @param refused is called with the id as JSON, if one was found, and the length in bytes
 * @param checked what is passed on of a line
 */
export class Intake extends Transform {
  private parts: Buffer[] = [];
  private size = 0;
  private head: Uint8Array = Buffer.alloc(0);
  private tail: Uint8Array = Buffer.alloc(0);

  constructor(
    private readonly refused: (id: string | undefined, bytes: number) => void,
    private readonly limit = MAX_MESSAGE_BYTES,
    private readonly checked: (line: Buffer) => Buffer = (line) => line,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    let at = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, at)) {
      this.hold(chunk.subarray(at, end + 1));
      this.endLine();
      at = end + 1;
    }
    this.hold(chunk.subarray(at));
    done();
  }

  private hold(part: Buffer): void {
    this.size += part.length;
    if (this.size <= this.limit) return void this.parts.push(part);
    if (this.parts.length) {
      this.head = Buffer.concat(this.parts).subarray(0, EDGE);
      this.parts = [];
    } else if (!this.head.length) this.head = part.subarray(0, EDGE);
    this.tail = Buffer.concat([this.tail, part.subarray(-EDGE)]).subarray(-EDGE);
  }

  private endLine(): void {
    if (this.size <= this.limit) this.push(this.checked(Buffer.concat(this.parts)));
    else
      this.refused(
        (ID_LAST.exec(Buffer.from(this.tail).toString()) ?? ID_FIRST.exec(Buffer.from(this.head).toString()))?.[1],
        this.size,
      );
    this.parts = [];
    this.size = 0;
    this.head = this.tail = Buffer.alloc(0);
  }
}
