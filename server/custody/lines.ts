/** A line of a text, or that it was longer than it may be. */
export type Line = { ok: true; text: string } | { ok: false };

/**
 * The lines of a text that comes in pieces, without those that are empty. Holds one line at most: what comes after the
 * bound is passed over until the next line begins.
 */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Line, void, undefined> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const take = (): Line | undefined => {
    const line: Line =
      bytes > maxBytes ? { ok: false } : { ok: true, text: Buffer.concat(parts).toString('utf8').trim() };
    parts = [];
    bytes = 0;
    return line.ok && line.text === '' ? undefined : line;
  };
  const add = (part: Uint8Array) => {
    bytes += part.length;
    if (bytes <= maxBytes) parts.push(part);
    else parts = [];
  };
  for await (const piece of pieces) {
    let from = 0;
    for (;;) {
      const end = piece.indexOf(NEWLINE, from);
      if (end === -1) break;
      add(piece.subarray(from, end));
      const line = take();
      if (line) yield line;
      from = end + 1;
    }
    add(piece.subarray(from));
  }
  const last = take();
  if (last) yield last;
}

const NEWLINE = 0x0a;
