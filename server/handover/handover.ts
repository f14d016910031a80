import type { ErrorCode } from '#contract/errors.ts';
import {
  type Handover,
  type HandoverItem,
  HandoverKind,
  type HandoverSummary,
  MAX_HANDOVER_ENTRIES,
  type Signature,
} from '#contract/handover.ts';
import type { Scope } from '#contract/session.ts';
import type { Collected } from './collect.ts';

/** Items that are handed over by name; what is beyond it, of the least urgent sorts, is counted. */
const MAX_ITEMS = 400;
const MAX_NOTES = 100;

/** What came of a step: the handover after it, as it is because the step was made before, or a refusal. */
export type HandoverStep =
  | { kind: 'changed'; handover: Handover }
  | { kind: 'same'; handover: Handover }
  | {
      kind: 'refused';
      code: Extract<
        ErrorCode,
        'conflict' | 'invalid_transition' | 'forbidden' | 'limit_reached' | 'not_found'
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

/**
 * Items after what is live was collected anew. What was acknowledged stays as it was; what is gone and was not seen by
 * anybody goes; what is new is added, and is late when the handover had been opened before.
 */
export function mergeItems(
  before: readonly HandoverItem[],
  collected: readonly Collected[],
  given: { scope: Scope; nowMs: number; late: boolean },
): { items: HandoverItem[]; left: number } {
  const signed = before.filter(({ acknowledged }) => acknowledged !== null);
  const seen = new Set(signed.flatMap(({ entries }) => entries.map(({ key }) => key)));
  const known = new Map(before.flatMap((item) => (item.acknowledged ? [] : [[item.id, item] as const])));
  const groups = Map.groupBy(
    collected.filter(({ entry }) => !seen.has(entry.key)),
    (one) => groupOf(one, given.scope),
  );
  const fresh = Array.from(groups, ([group, members]): HandoverItem | undefined => {
    const [first] = members;
    if (!first) return undefined;
    // A group of which some has been acknowledged goes on under another name.
    const parts = signed.filter(({ id }) => id === group || id.startsWith(`${group}#`)).length;
    const id = parts === 0 ? group : `${group}#${parts + 1}`;
    const entries = members.map(({ entry }) => entry).slice(0, MAX_HANDOVER_ENTRIES);
    const severities = members.flatMap(({ severity }) => severity ?? []);
    const old = known.get(id);
    const isSame = old !== undefined && JSON.stringify(old.entries) === JSON.stringify(entries);
    return {
      id,
      kind: first.kind,
      regionId: first.regionId,
      ...(severities.length > 0 ? { severity: severities.reduce((a, b) => (a < b ? a : b)) } : {}),
      entries,
      count: members.length,
      addedAt: old?.addedAt ?? new Date(given.nowMs).toISOString(),
      late: old?.late ?? given.late,
      rev: old === undefined ? 1 : isSame ? old.rev : old.rev + 1,
      acknowledged: null,
    };
  }).filter((item) => item !== undefined);
  const all = [...signed, ...fresh].sort(byUrgency);
  // Nobody's signature is ever left out.
  const kept = [...signed, ...fresh.sort(byUrgency).slice(0, Math.max(0, MAX_ITEMS - signed.length))].sort(
    byUrgency,
  );
  return { items: kept, left: all.length - kept.length };
}

/**
 * What is most urgent is told by name. Whoever answers for several regions goes through the rest a region at a time; in one
 * region, flags that are only to be reviewed are one item a facility.
 */
function groupOf({ kind, regionId, severity, entry }: Collected, scope: Scope): string {
  if (severity !== undefined && severity <= 2) return entry.key;
  const isOne = scope.kind === 'facilities' || (scope.kind === 'regions' && scope.regionIds.length === 1);
  if (!isOne) return `${kind}/${regionId}`;
  return severity === 4 ? `${kind}/${entry.facilityId}` : entry.key;
}

/** Adds what is new now; the very handover when nothing is. */
export function refreshed(handover: Handover, collected: readonly Collected[], nowMs: number): Handover {
  const late = nowMs > Date.parse(handover.opened.at);
  const { items, left } = mergeItems(handover.items, collected, { scope: handover.scope, nowMs, late });
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

/** Closes it, for who comes: only when nothing is left that nobody has acknowledged. */
export function closeHandover(handover: Handover, by: Signature): HandoverStep {
  if (handover.state === 'closed' && handover.ended?.by === by.by) return { kind: 'same', handover };
  const refusal = notFor(handover, by);
  if (refusal) return refusal;
  const open = handover.items.filter(({ acknowledged }) => acknowledged === null).length;
  if (open > 0) return refuse('conflict', `${open} items are not acknowledged`);
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

const KIND_ORDER = new Map(HandoverKind.options.map((kind, index) => [kind, index]));

function byUrgency(a: HandoverItem, b: HandoverItem): number {
  return (
    (KIND_ORDER.get(a.kind) ?? 0) - (KIND_ORDER.get(b.kind) ?? 0) ||
    (a.severity ?? 4) - (b.severity ?? 4) ||
    (a.entries[0]?.at ?? '').localeCompare(b.entries[0]?.at ?? '') ||
    (a.id < b.id ? -1 : 1)
  );
}
