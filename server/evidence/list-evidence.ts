import type { Evidence, EvidencePage, EvidenceQuery } from '#contract/evidence.ts';
import type { RegionId } from '#contract/ids.ts';

interface Wanted extends Pick<EvidenceQuery, 'cursor' | 'limit'> {
  regionIds: readonly RegionId[];
  nowMs: number;
  accepts(evidence: Evidence): boolean;
}

/** One page of evidence, newest moment first over all regions. */
export async function listEvidence(
  newestFirst: (regionId: RegionId, untilMs: number) => AsyncIterable<Evidence>,
  { regionIds, cursor, limit, nowMs, accepts }: Wanted,
): Promise<EvidencePage> {
  const [atText, afterId] = (cursor ?? '').split('_');
  const untilMs = atText ? Number(atText) : nowMs;
  const isNext = ({ id, at }: Evidence) =>
    afterId === undefined || Date.parse(at) < untilMs || (Date.parse(at) === untilMs && id < afterId);
  const found = await Promise.all(
    regionIds.map(async (regionId) => {
      const taken: Evidence[] = [];
      for await (const evidence of newestFirst(regionId, untilMs)) {
        if (isNext(evidence) && accepts(evidence)) taken.push(evidence);
        if (taken.length > limit) break;
      }
      return taken;
    }),
  );
  const ordered = found.flat().sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || (a.id < b.id ? 1 : -1));
  const items = ordered.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: ordered.length > limit && last ? `${Date.parse(last.at)}_${last.id}` : null,
  };
}
