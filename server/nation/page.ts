import type { Page } from '#contract/areas.ts';
import { VartaError } from '#contract/errors.ts';

/** What a page of a list is asked by. */
export interface PageRequest {
  cursor?: string | undefined;
  limit: number;
}

/**
 * One page of things that are sorted by id. The cursor says the last id that the caller has: it stays right when things
 * come or go in between. Throws `invalid` for a cursor that is none of ours.
 */
export function toPage<T extends { id: string }>(
  sorted: Iterable<T>,
  { cursor, limit }: PageRequest,
): Page<T> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const items: T[] = [];
  for (const item of sorted) {
    if (after !== undefined && item.id <= after) continue;
    if (items.length === limit) return { items, nextCursor: encodeCursor(items.at(-1)?.id ?? '') };
    items.push(item);
  }
  return { items, nextCursor: null };
}

/** Sorted as `toPage` compares: by code unit, the same everywhere. */
export function sortById<T extends { id: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

const PREFIX = 'after:';

function encodeCursor(id: string): string {
  return Buffer.from(PREFIX + id).toString('base64url');
}

function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith(PREFIX)) {
    throw new VartaError('invalid', 'cursor: not one of ours', {
      issues: [{ path: ['cursor'], message: 'not one of ours' }],
    });
  }
  return text.slice(PREFIX.length);
}
