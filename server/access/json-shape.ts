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

/**
 * The path of a key that could change what all objects are (`__proto__`, `constructor.prototype`), if a parsed value has
 * one. Our schemas refuse them as they refuse every unknown field; this tells that it was no mistake.
 */
export function findPoison(value: unknown): readonly string[] | undefined {
  const waiting: { value: unknown; path: readonly string[] }[] = [{ value, path: [] }];
  for (let seen = 0; seen < MAX_VALUES; seen += 1) {
    const next = waiting.pop();
    if (!next) return undefined;
    if (typeof next.value !== 'object' || next.value === null || ArrayBuffer.isView(next.value)) continue;
    for (const [key, inner] of Object.entries(next.value)) {
      const path = [...next.path, key];
      if (key === '__proto__') return path;
      if (key === 'constructor' && isObject(inner) && Object.hasOwn(inner, 'prototype'))
        return [...path, 'prototype'];
      if (isObject(inner)) waiting.push({ value: inner, path });
    }
  }
  return undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
