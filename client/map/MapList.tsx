import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import type { FacilityId, RegionId } from '#contract/ids.ts';
import { useTexts } from '../desk/desk-context.ts';
import styles from './MapList.module.css';
import {
  compareWorst,
  type FacilityFacts,
  isReporting,
  type MapFacts,
  type RegionFacts,
} from './map-facts.ts';
import { WorstMark } from './WorstMark.tsx';

interface MapListProps {
  facts: MapFacts;
  chosen: readonly RegionId[];
  onRegion(regionId: RegionId): void;
  onFacility(facilityId: FacilityId): void;
}

/** The same as the map, in words: for the keyboard, for those who listen, and for machines without WebGL. */
export function MapList({ facts, chosen, onRegion, onFacility }: MapListProps) {
  const { t, language } = useTexts();
  const regions = useMemo(
    () =>
      facts.regions.toSorted(
        (a, b) =>
          rank(a, chosen) - rank(b, chosen) ||
          compareWorst(a.worst, b.worst) ||
          b.flags - a.flags ||
          a.region.name[language].localeCompare(b.region.name[language], language),
      ),
    [facts, chosen, language],
  );
  return (
    <nav className={styles.list} aria-label={t('map.listLabel')}>
      <ul>
        {regions.map((region) => {
          const { id } = region.region;
          const isChosen = chosen.includes(id);
          return (
            <li key={id}>
              <RegionRow facts={region} isChosen={isChosen} onRegion={onRegion} />
              {isChosen ? (
                <Facilities
                  facilities={facts.facilities.filter(({ facility }) => facility.regionId === id)}
                  onFacility={onFacility}
                />
              ) : null}
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** Those that were chosen first, then those with something in the filter, then the rest, last those without data. */
function rank({ region, areas }: RegionFacts, chosen: readonly RegionId[]): number {
  if (chosen.includes(region.id)) return 0;
  if (!isReporting(region)) return 3;
  return areas > 0 ? 1 : 2;
}

interface RegionRowProps {
  facts: RegionFacts;
  isChosen: boolean;
  onRegion(regionId: RegionId): void;
}

function RegionRow({ facts, isChosen, onRegion }: RegionRowProps) {
  const { t, language } = useTexts();
  const { region, worst } = facts;
  const isDark = !isReporting(region);
  return (
    <button
      type="button"
      className={styles.row}
      data-region-id={region.id}
      data-worst={isDark || facts.areas === 0 ? 'no-data' : worst}
      aria-pressed={isChosen}
      onClick={() => onRegion(region.id)}
    >
      <WorstMark worst={worst} noData={isDark} />
      <span className={styles.name}>{region.name[language]}</span>
      <span className={styles.numbers}>{isDark ? t('map.occupied') : regionNumbers(facts, t)}</span>
    </button>
  );
}

function regionNumbers({ areas, facilities, headcount, flags }: RegionFacts, t: TFunction): string {
  if (areas === 0) return t('map.outside');
  const numbers = [t('count.facilities', { count: facilities }), t('map.people', { count: headcount })];
  return (flags > 0 ? [...numbers, t('count.flags', { count: flags })] : numbers).join(' · ');
}

interface FacilitiesProps {
  facilities: readonly FacilityFacts[];
  onFacility(facilityId: FacilityId): void;
}

function Facilities({ facilities, onFacility }: FacilitiesProps) {
  const { t, language } = useTexts();
  return (
    <ul className={styles.facilities}>
      {facilities
        .toSorted((a, b) => compareWorst(a.worst, b.worst))
        .map(({ facility, worst, flags, headcount, areas }) => (
          <li key={facility.id}>
            <button
              type="button"
              className={styles.row}
              data-facility-id={facility.id}
              data-worst={worst}
              aria-label={t('map.showRegion', { name: facility.shortName[language] })}
              onClick={() => onFacility(facility.id)}
            >
              <WorstMark worst={worst} noData={false} />
              <span className={styles.name}>{facility.shortName[language]}</span>
              <span className={styles.numbers}>
                {[
                  t('count.areas', { count: areas }),
                  t('map.people', { count: headcount }),
                  ...(flags > 0 ? [t('count.flags', { count: flags })] : []),
                ].join(' · ')}
              </span>
            </button>
          </li>
        ))}
    </ul>
  );
}
