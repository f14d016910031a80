import {
  type HandoverEntry,
  type HandoverItem,
  HandoverKind,
  MAX_HANDOVER_ENTRIES,
  MAX_HANDOVER_THINGS,
} from '#contract/handover.ts';
import type { Scope } from '#contract/session.ts';
import type { Collected } from './collect.ts';

/** Items that wait for a name at a time: more are offered as these are acknowledged. */
export const MAX_WAITING = 400;
/** So many of a rule in a facility, less urgent than "now", have one cause: they are one item that names the places. */
export const BURST = 5;

interface Offered {
  items: readonly HandoverItem[];
  /** Things that are in no item yet. */
  left: number;
}

/** What is not in a handover yet. */
export const NOTHING: Offered = { items: [], left: 0 };

interface Given {
  scope: Scope;
  nowMs: number;
  /** When the handover was opened; what comes up afterwards is late. */
  openedMs: number;
  /** What the last handover told of, see {@link keysOf}; undefined when that is not known. */
  known?: ReadonlySet<string> | undefined;
}

/** Names what a handover told of; a flag by itself, whatever was done about it. */
export function keysOf({ items }: Pick<Offered, 'items'>): ReadonlySet<string> {
  return new Set(items.flatMap(({ entries }) => entries.map(thingOf)));
}

function thingOf({ key, flag }: HandoverEntry): string {
  return flag?.id ?? key;
}

/**
 * Items after what is live was collected anew. What was acknowledged stays as it was; what is gone and was not seen by
 * anybody goes; what is new is added. What is not offered yet is counted in `left`, thing by thing: it is offered when
 * something before it has been acknowledged. Pure.
 */
export function mergeItems(
  before: Offered,
  collected: readonly Collected[],
  given: Given,
): { items: HandoverItem[]; left: number } {
  const signed = before.items.filter(({ acknowledged }) => acknowledged !== null);
  const seen = new Set(signed.flatMap(({ entries }) => entries.map(({ key }) => key)));
  const things = collected.filter(({ entry }) => !seen.has(entry.key));
  const bursts = burstsOf(things);
  const waiting = new Map(
    before.items.flatMap((item) => (item.acknowledged ? [] : [[item.id, item] as const])),
  );
  const newness = new Map(
    [...waiting.values()].flatMap(({ isNew, entries }) =>
      entries.map((entry) => [thingOf(entry), isNew === true] as const),
    ),
  );
  const onTime = new Set(
    before.items.flatMap(({ late, entries }) => (late ? [] : entries.map(({ key }) => key))),
  );
  const isLate = (members: readonly Collected[]): boolean => {
    if (given.nowMs <= given.openedMs || members.some(({ entry }) => onTime.has(entry.key))) return false;
    // While something had not been offered, only a flag tells by itself since when it is there.
    return (
      before.left === 0 ||
      members.every(({ kind, entry }) => kind === 'flag' && Date.parse(entry.at) > given.openedMs)
    );
  };
  const groups = Map.groupBy(things, (one) => groupOf(one, given.scope, bursts));
  const fresh = Array.from(groups, ([group, members]) =>
    toItem({ group, members, signed, waiting, newness, isLate, known: given.known, nowMs: given.nowMs }),
  ).filter((item) => item !== undefined);
  let room = MAX_HANDOVER_THINGS - seen.size;
  const offered = fresh
    .sort(byUrgency)
    .slice(0, MAX_WAITING)
    .filter(({ entries }) => {
      room -= entries.length;
      return room >= 0;
    });
  const named = offered.reduce((sum, { entries }) => sum + entries.length, 0);
  // Nobody's signature is ever left out.
  return { items: [...signed, ...offered].sort(byUrgency), left: things.length - named };
}

interface Group {
  group: string;
  members: readonly Collected[];
  signed: readonly HandoverItem[];
  /** Items that nobody has acknowledged yet, by id. */
  waiting: ReadonlyMap<string, HandoverItem>;
  /** Things of those items, and whether they were told as new. */
  newness: ReadonlyMap<string, boolean>;
  /** It came up after the opening; what was there and could not be offered at once did not. */
  isLate(members: readonly Collected[]): boolean;
  known: Given['known'];
  nowMs: number;
}

function toItem({
  group,
  members,
  signed,
  waiting,
  newness,
  isLate,
  known,
  nowMs,
}: Group): HandoverItem | undefined {
  const [first] = members;
  if (!first) return undefined;
  // A group of which some has been acknowledged goes on under another name.
  const parts = signed.filter(({ id }) => id === group || id.startsWith(`${group}#`)).length;
  const id = parts === 0 ? group : `${group}#${parts + 1}`;
  const entries = members.map(({ entry }) => entry).slice(0, MAX_HANDOVER_ENTRIES);
  const severities = members.flatMap(({ severity }) => severity ?? []);
  const old = waiting.get(id);
  const names = members.map(({ entry }) => thingOf(entry));
  // What was offered by itself and is of a burst now, or the other way round, is as new as it was.
  const wasNew = names.flatMap((name) => newness.get(name) ?? []);
  const isNewNow = known
    ? !names.some((name) => known.has(name))
    : wasNew.length > 0 && !wasNew.includes(false);
  const isNew = old ? old.isNew : isNewNow;
  const isSame = old !== undefined && JSON.stringify(old.entries) === JSON.stringify(entries);
  return {
    id,
    kind: first.kind,
    regionId: first.regionId,
    ...(severities.length > 0 ? { severity: severities.reduce((a, b) => (a < b ? a : b)) } : {}),
    entries,
    count: members.length,
    addedAt: old?.addedAt ?? new Date(nowMs).toISOString(),
    late: old?.late ?? isLate(members),
    ...(isNew ? { isNew } : {}),
    rev: old === undefined ? 1 : isSame ? old.rev : old.rev + 1,
    acknowledged: null,
  };
}

/**
 * What is most urgent is told by name. Whoever answers for several regions goes through the rest a region at a time; in one
 * region, flags that are only to be reviewed are one item a facility. An outage raises a rule for every room of a house at
 * once: that is one item as well.
 */
function groupOf(one: Collected, scope: Scope, bursts: ReadonlySet<string>): string {
  const { kind, regionId, severity, entry } = one;
  if (severity === 1) return entry.key;
  const isOne = scope.kind === 'facilities' || (scope.kind === 'regions' && scope.regionIds.length === 1);
  if (severity !== 2) {
    if (!isOne) return `${kind}/${regionId}`;
    if (severity === 4) return `${kind}/${entry.facilityId}`;
  }
  const cause = causeOf(one);
  return cause !== undefined && bursts.has(cause) ? cause : entry.key;
}

/** What many of them have in common, if it can be one thing that happened; a person's own words stand for themselves. */
function causeOf({ kind, severity, entry: { facilityId, flag, cause } }: Collected): string | undefined {
  if (flag) return flag.rule && `${kind}/${facilityId}/${flag.rule.id}/${severity}`;
  if (kind === 'dark') return `${kind}/${facilityId}/${cause}`;
  return kind === 'check' ? `${kind}/${facilityId}` : undefined;
}

function burstsOf(things: readonly Collected[]): ReadonlySet<string> {
  const byCause = Map.groupBy(things, causeOf);
  return new Set(
    Array.from(byCause, ([cause, members]) => (members.length >= BURST ? cause : undefined)).filter(
      (cause) => cause !== undefined,
    ),
  );
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
