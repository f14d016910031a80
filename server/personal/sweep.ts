import { CaseSummary } from '#contract/cases.ts';
import type { Instant, RegionId } from '#contract/ids.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys, type PlacedCase } from '../adapters/redis/keys.ts';
import { CaseEvents } from '../custody/cases/case-events.ts';
import { type PersonalStore, toStored } from './personal-store.ts';
import { eraseAtMs } from './retention.ts';

/** Records that are looked at together. */
const CHUNK = 200;

/** Events that close a case. */
const ENDS: ReadonlySet<string> = new Set(['RELEASED', 'TRANSFERRED', 'ESCAPED', 'DIED']);

/** What preservation holds cover in a region, as of a moment. */
export interface HeldNow {
  version: string;
  isHeld(place: PlacedCase): Promise<boolean>;
}

interface SweepOptions {
  redis: Redis;
  store: PersonalStore;
  /** Days after the end of a case. */
  days: number;
  /** What may not be erased, however old. */
  heldIn(regionId: RegionId): Promise<HeldNow>;
  now: () => number;
}

/**
 * Erases what has been kept long enough in a region, and encrypts with the present key what was with an older one. Any
 * number of replicas may do it at once: each change is made on what was read, or not at all.
 * `unreadable`: records whose key is not at hand.
 */
export async function sweepRegion(
  regionId: RegionId,
  { redis, store, days, heldIn, now }: SweepOptions,
): Promise<{ erased: number; unreadable: number }> {
  let erased = 0;
  let unreadable = 0;
  const events = new CaseEvents(redis);
  const members = await redis.hKeys(keys.personal(regionId));
  for (let start = 0; start < members.length; start += CHUNK) {
    const chunk = members.slice(start, start + CHUNK);
    const held = await heldIn(regionId);
    const [records, summaries, open] = await Promise.all([
      redis.hmGet(keys.personal(regionId), chunk),
      redis.hmGet(keys.caseSummaries(regionId), chunk),
      redis.zmScore(keys.casesOpen(regionId), chunk),
    ]);
    for (const [index, member] of chunk.entries()) {
      const json = records[index];
      if (!json) continue;
      const stored = toStored(json);
      const [facilityId = '', caseId = ''] = member.split('/');
      const place = { regionId, facilityId, caseId };
      const text = summaries[index];
      const kept = {
        isOpen: (open[index] ?? null) !== null,
        summary: text ? CaseSummary.parse(JSON.parse(text)) : undefined,
        receivedAt: stored.receivedAt,
      };
      let atMs = eraseAtMs(kept, days);
      // Only of those that are due by what the sender says it is looked up when that was said.
      if (atMs !== undefined && atMs <= now() && kept.summary) {
        const overReceivedAt = await overReceived(events, place, kept.summary.closedAt);
        atMs = eraseAtMs({ ...kept, overReceivedAt }, days);
      }
      if (atMs === undefined || atMs > now() || (await held.isHeld(place))) {
        if (!(await store.renew(place, stored))) unreadable += 1;
        continue;
      }
      const done = await store.erase(
        place,
        { ...stored, heldVersion: held.version },
        {
          actor: { kind: 'system', id: 'retention' },
          action: 'personal.erase',
          resource: `case:${member}`,
          outcome: 'done',
          details: { days },
        },
      );
      if (done) erased += 1;
    }
  }
  return { erased, unreadable };
}

/** When we were first told of the closing of a case, or last of anything if it was never closed. */
async function overReceived(
  events: CaseEvents,
  place: PlacedCase,
  closedAt: Instant | null,
): Promise<Instant | undefined> {
  const { entries } = await events.read(place);
  const told = entries.flatMap(({ stored }) => (stored ? [stored] : []));
  if (closedAt === null) return told.at(-1)?.receivedAt;
  const closing = told.find(({ event }) => {
    const own = event.type === 'RECORD_CORRECTED' ? event.replacement : event;
    return own !== undefined && ENDS.has(own.type) && Date.parse(own.occurredAt) === Date.parse(closedAt);
  });
  return (closing ?? told.at(-1))?.receivedAt;
}
