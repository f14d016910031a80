import type { ErrorCode } from '#contract/errors.ts';
import type { Handover, HandoverSummary, Signature } from '#contract/handover.ts';
import type { Scope } from '#contract/session.ts';
import type { Collected } from './collect.ts';
import { mergeItems } from './merge.ts';

const MAX_NOTES = 100;

/** What came of a step: the handover after it, as it is because the step was made before, or a refusal. */
export type HandoverStep =
  | { kind: 'changed'; handover: Handover }
  | { kind: 'same'; handover: Handover }
  | {
      kind: 'refused';
      code: Extract<
        ErrorCode,
        'conflict' | 'invalid_transition' | 'forbidden' | 'limit_reached' | 'unacknowledged_left'
      >;
      message: string;
    };

/**
 * Names what a desk hands over, for the store: desk, kind, places. Of a desk, no place is in two open handovers at a time;
 * what the store compares is this text, word by word.
 */
export function scopeKey({ desk, scope }: Pick<Handover, 'desk' | 'scope'>): string {
  return [desk ?? '-', scope.kind, ...placesOf(scope).toSorted()].join(' ');
}

function placesOf(scope: Scope): readonly string[] {
  switch (scope.kind) {
    case 'nation':
      return [];
    case 'regions':
      return scope.regionIds;
    case 'facilities':
      return scope.facilityIds;
  }
}

/** The part of a scope that is handed over; undefined when some of it lies outside. Regions only have parts. */
export function partOf(
  scope: Scope,
  regionIds: readonly string[] | undefined,
  known: readonly string[],
): Scope | undefined {
  if (regionIds === undefined) return scope;
  const mine = scope.kind === 'nation' ? known : scope.kind === 'regions' ? scope.regionIds : [];
  const asked = [...new Set(regionIds)].toSorted();
  if (!asked.every((id) => mine.includes(id))) return undefined;
  return asked.length === mine.length ? scope : { kind: 'regions', regionIds: asked };
}

/** Adds what is new now; the very handover when nothing is. */
export function refreshed(handover: Handover, collected: readonly Collected[], nowMs: number): Handover {
  const openedMs = Date.parse(handover.opened.at);
  const { items, left } = mergeItems(handover, collected, { scope: handover.scope, nowMs, openedMs });
  const isSame = JSON.stringify(items) === JSON.stringify(handover.items) && left === handover.left;
  return {
    ...handover,
    items,
    left,
    checkedAt: new Date(nowMs).toISOString(),
    version: isSame ? handover.version : handover.version + 1,
  };
}

/** Somebody who came has taken note of an item. */
export function acknowledgeItem(
  handover: Handover,
  asked: { itemId: string; rev: number },
  by: Signature,
): HandoverStep {
  const refusal = notFor(handover, by);
  if (refusal) return refusal;
  const item = handover.items.find(({ id }) => id === asked.itemId);
  if (!item) return refuse('conflict', 'the item is not there any more');
  if (item.acknowledged)
    return item.acknowledged.by === by.by
      ? { kind: 'same', handover }
      : refuse('conflict', `${item.acknowledged.by} has acknowledged it`);
  if (item.rev !== asked.rev) return refuse('conflict', 'something was added to the item in the meanwhile');
  const items = handover.items.map((one) => (one === item ? { ...item, acknowledged: by } : one));
  return changed(handover, { items });
}

export function addNote(handover: Handover, text: string, by: Signature): HandoverStep {
  if (handover.state !== 'open') return refuse('invalid_transition', 'the handover is over');
  const last = handover.notes.at(-1);
  if (last?.text === text && last.by === by.by) return { kind: 'same', handover };
  if (handover.notes.length >= MAX_NOTES) return refuse('limit_reached', 'too many notes');
  return changed(handover, { notes: [...handover.notes, { ...by, text }] });
}

/** Closes it, for who comes: only when nothing is left that nobody has acknowledged, also nothing that was not offered yet. */
export function closeHandover(handover: Handover, by: Signature): HandoverStep {
  if (handover.state === 'closed' && handover.ended?.by === by.by) return { kind: 'same', handover };
  const refusal = notFor(handover, by);
  if (refusal) return refusal;
  const open = handover.items.filter(({ acknowledged }) => acknowledged === null).length;
  if (open > 0) return refuse('conflict', `${open} items are not acknowledged`);
  if (handover.left > 0) return refuse('unacknowledged_left', `${handover.left} more are still to come`);
  return changed(handover, { state: 'closed', ended: by });
}

/** Takes it back, for who opened it. */
export function withdrawHandover(handover: Handover, reason: string, by: Signature): HandoverStep {
  if (handover.state === 'withdrawn' && handover.ended?.by === by.by) return { kind: 'same', handover };
  if (handover.state !== 'open') return refuse('invalid_transition', 'the handover is over');
  if (handover.opened.by !== by.by) return refuse('forbidden', 'only who opened it may withdraw it');
  const notes = [...handover.notes, { ...by, text: reason }].slice(-MAX_NOTES);
  return changed(handover, { state: 'withdrawn', ended: by, notes });
}

export function summaryOf(handover: Handover): HandoverSummary {
  const { id, desk, scope, state, opened, shiftEndsAt, ended, items } = handover;
  const acknowledged = items.filter((item) => item.acknowledged !== null).length;
  const short = { id, scope, state, opened, shiftEndsAt, ended, items: items.length, acknowledged };
  return desk ? { ...short, desk } : short;
}

function notFor(handover: Handover, by: Signature): HandoverStep | undefined {
  if (handover.state !== 'open') return refuse('invalid_transition', 'the handover is over');
  // Two people know of everything, or nothing was handed over.
  return handover.opened.by === by.by
    ? refuse('forbidden', 'who opened it cannot take it over: somebody else has to')
    : undefined;
}

function changed(handover: Handover, change: Partial<Handover>): HandoverStep {
  return { kind: 'changed', handover: { ...handover, ...change, version: handover.version + 1 } };
}

function refuse(code: Extract<HandoverStep, { kind: 'refused' }>['code'], message: string): HandoverStep {
  return { kind: 'refused', code, message };
}
