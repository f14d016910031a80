import type { AreaId, FacilityId } from '#contract/ids.ts';
import type { Episode, Finding } from './finding.ts';

/**
 * Findings under the names of the occurrences that are theirs: one that an earlier version wrote down under another name
 * goes on under that name, with the flag that it has, until it is over. An occurrence of another facility is not theirs.
 */
export function withKnownKeys(
  findings: readonly Finding[],
  known: ReadonlyMap<string, Episode>,
  facilityOf: (areaId: AreaId) => FacilityId | undefined,
): Finding[] {
  const facility = ({ areaId, facilityId }: Pick<Episode, 'areaId' | 'facilityId'>) =>
    facilityId ?? (areaId === undefined ? undefined : facilityOf(areaId));
  return findings.map((finding) => {
    const { key, formerKey } = finding;
    const former = formerKey === undefined || known.has(key) ? undefined : known.get(formerKey);
    if (formerKey === undefined || !former || facility(former) !== facility(finding)) return finding;
    return { ...finding, key: formerKey };
  });
}
