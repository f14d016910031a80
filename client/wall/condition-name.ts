import type { TFunction } from 'i18next';
import type { LocalText } from '#contract/ids.ts';
import type { Language } from '../i18n/i18n.ts';
import { normSetName, type Registry } from '../store/registry.ts';
import type { Condition } from './conditions.ts';

/** Key prefix of a facet's values in the texts; regions have their names in the registry. */
const PREFIX = {
  facilityKind: 'facilityKinds',
  kind: 'areaKinds',
  occupancy: 'filter.occupancies',
  status: 'filter.statuses',
  clock: 'filter.clocks',
  flag: 'filter.flags',
  space: 'filter.spaces',
  finding: 'filter.findings',
  vulnerability: 'vulnerabilities',
  feedState: 'filter.feedStates',
  feedSource: 'filter.feedSources',
} as const;

/** A condition as its chip says it. */
export function conditionName(
  { facet, value }: Condition,
  { t, language, registry }: { t: TFunction; language: Language; registry: Registry | undefined },
): string {
  if (facet === 'region') return registry?.regionById[value]?.name[language] ?? value;
  if (facet === 'normSet') return (registry && normSetName(registry, value))?.[language] ?? value;
  if (facet === 'place')
    return placeName(registry, value)?.[language] ?? t('filter.places', { count: Number(value) || 1 });
  // The values are the contract's; a test holds the texts to them.
  return t(`${PREFIX[facet]}.${value}` as 'filter.flags.open');
}

/** What a place is called, where a filter names it: a region, a facility or an area. */
function placeName(registry: Registry | undefined, id: string): LocalText | undefined {
  return (
    registry?.facilityById[id]?.shortName ?? registry?.regionById[id]?.name ?? registry?.areaById[id]?.name
  );
}
