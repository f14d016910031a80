/** Brackets within brackets that a body may have; the deepest of ours, a scene, has eight. */
export const MAX_JSON_DEPTH = 64;

/** Values that {@link findPoison} looks at; the largest body has fewer. */
const MAX_VALUES = 1_000_000;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Whether JSON, as it came, is nested deeper than allowed: known before anything is made of it. Text that is no JSON may be either. */
export function isTooDeep(json: Uint8Array, most = MAX_JSON_DEPTH): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (OPENING.has(byte)) {
      depth += 1;
      if (depth > most) return true;
    } else if (CLOSING.has(byte)) depth -= 1;
  }
  return false;
}

/** What nobody sends by mistake: a key that could change what all objects are, and its path; or more depth than allowed. */
export type Poison = { kind: 'pollution'; path: readonly string[] } | { kind: 'deep' };

/** A value that is still to be looked at, and how to get back to where it came from. */
interface Waiting {
  value: object;
  depth: number;
  key: string;
  parent: Waiting | undefined;
}

/**
 * What in a parsed value was no mistake: `__proto__`, `constructor.prototype`, which our schemas refuse as they refuse
 * every unknown field; or more than {@link MAX_JSON_DEPTH} levels below the value. Nothing is walked deeper than that, and
 * a path is made only of what is found: the time it takes grows with what was sent and not faster.
 */
export function findPoison(value: unknown): Poison | undefined {
  if (!isObject(value)) return undefined;
  const waiting: Waiting[] = [{ value, depth: 0, key: '', parent: undefined }];
  for (let seen = 0; seen < MAX_VALUES; seen += 1) {
    const next = waiting.pop();
    if (!next) return undefined;
    if (next.depth > MAX_JSON_DEPTH) return { kind: 'deep' };
    if (ArrayBuffer.isView(next.value)) continue;
    for (const [key, inner] of Object.entries(next.value)) {
      if (key === '__proto__') return { kind: 'pollution', path: [...pathOf(next), key] };
      if (!isObject(inner)) continue;
      if (key === 'constructor' && Object.hasOwn(inner, 'prototype'))
        return { kind: 'pollution', path: [...pathOf(next), key, 'prototype'] };
      waiting.push({ value: inner, depth: next.depth + 1, key, parent: next });
    }
  }
  return undefined;
}

function pathOf(found: Waiting): string[] {
  const path: string[] = [];
  for (let at = found; at.parent; at = at.parent) path.push(at.key);
  return path.reverse();
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
