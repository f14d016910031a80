import type { TFunction } from 'i18next';
import { ChevronDown } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { FacilityId, RegionId } from '#contract/ids.ts';
import { VisuallyHidden } from '../design/VisuallyHidden.tsx';
import { useTexts } from '../desk/desk-context.ts';
import styles from './MapList.module.css';
import {
  type FacilityFacts,
  isHeard,
  isReporting,
  type MapFacts,
  type RegionFacts,
  type Sums,
} from './map-facts.ts';
import { type Measure, type Sign, signAt } from './measure.ts';
import { NoDataMark, SignMark } from './SignMark.tsx';
import type { Choosing } from './use-choice.ts';
import { useSignWords } from './use-sign-words.ts';

interface MapListProps {
  facts: MapFacts;
  chosen: readonly RegionId[];
  /** While places are picked for the wall: rows have a box to tick. */
  choosing: Choosing | undefined;
  onRegion(regionId: RegionId): void;
  onFacility(facilityId: FacilityId): void;
}

/** The same as the map, in words: for the keyboard, for those who listen, and for machines without WebGL. */
export function MapList({ facts, chosen, choosing, onRegion, onFacility }: MapListProps) {
  const { t, language } = useTexts();
  const [opened, setOpened] = useState<ReadonlySet<RegionId>>(new Set());
  const regions = useMemo(
    () =>
      facts.regions.toSorted(
        (a, b) =>
          order(a, chosen) - order(b, chosen) ||
          a.rank - b.rank ||
          b.flags - a.flags ||
          a.region.name[language].localeCompare(b.region.name[language], language),
      ),
    [facts, chosen, language],
  );
  // Whoever picks does not want the filter, and with it the list, to change under the hand.
  function open(id: RegionId) {
    if (!choosing) return onRegion(id);
    setOpened((before) =>
      before.has(id) ? new Set([...before].filter((one) => one !== id)) : new Set([...before, id]),
    );
  }
  return (
    <nav className={styles.list} aria-label={t('map.listLabel')}>
      <ul>
        {regions.map((region) => {
          const { id } = region.region;
          const isOpen = chosen.includes(id) || (choosing !== undefined && opened.has(id));
          return (
            <li key={id}>
              <div className={styles.line}>
                {choosing && region.areas > 0 ? (
                  <Tick
                    name={region.region.name[language]}
                    isOn={choosing.choice.has(id)}
                    onToggle={() => choosing.toggleRegion(id)}
                  />
                ) : null}
                <RegionRow
                  facts={region}
                  measure={facts.measure}
                  isOpen={isOpen}
                  isPicking={choosing !== undefined}
                  onRegion={open}
                />
              </div>
              {isOpen ? (
                <Facilities
                  measure={facts.measure}
                  facilities={facts.facilities.filter(({ facility }) => facility.regionId === id)}
                  choosing={choosing}
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
function order({ region, areas }: RegionFacts, chosen: readonly RegionId[]): number {
  if (chosen.includes(region.id)) return 0;
  if (!isReporting(region)) return 3;
  return areas > 0 ? 1 : 2;
}

function Tick({ name, isOn, onToggle }: { name: string; isOn: boolean; onToggle(): void }) {
  const { t } = useTexts();
  return (
    <input
      type="checkbox"
      className={styles.tick}
      checked={isOn}
      aria-label={t('map.pick', { name })}
      onChange={onToggle}
    />
  );
}

interface RegionRowProps {
  facts: RegionFacts;
  measure: Measure;
  isOpen: boolean;
  isPicking: boolean;
  onRegion(regionId: RegionId): void;
}

function RegionRow({ facts, measure, isOpen, isPicking, onRegion }: RegionRowProps) {
  const { t, language } = useTexts();
  const { region, rank } = facts;
  const isDark = !isReporting(region);
  const isWithin = facts.areas > 0 || facts.flags > 0;
  const sign = isWithin ? signAt(measure, rank) : 'calm';
  const state = isPicking ? { 'aria-expanded': isOpen } : { 'aria-pressed': isOpen };
  return (
    <button
      type="button"
      className={styles.row}
      data-region-id={region.id}
      data-worst={isDark || facts.areas === 0 ? 'no-data' : sign}
      data-open={isOpen || undefined}
      {...state}
      onClick={() => onRegion(region.id)}
    >
      {isDark ? <NoDataMark /> : <SignMark measure={measure} sign={sign} />}
      <span className={styles.name}>{region.name[language]}</span>
      {isPicking ? <ChevronDown className={styles.more} size="1em" aria-hidden="true" /> : null}
      {isDark || !isWithin ? (
        <span className={styles.numbers}>{t(isDark ? 'map.occupied' : 'map.outside')}</span>
      ) : (
        <Facts
          measure={measure}
          sign={sign}
          numbers={[t('count.facilities', { count: facts.facilities }), ...numbersOf(facts, measure, t)]}
        />
      )}
    </button>
  );
}

/** What the sign says and the numbers behind it. That nothing is wrong only those are told who do not see the sign. */
function Facts({ measure, sign, numbers }: { measure: Measure; sign: Sign; numbers: readonly string[] }) {
  const word = `${useSignWords(measure)(sign)} · `;
  const isQuiet = sign === 'calm' || sign === 'empty';
  return (
    <span className={styles.numbers}>
      {isQuiet ? <VisuallyHidden as="span">{word}</VisuallyHidden> : word}
      {numbers.join(' · ')}
    </span>
  );
}

function numbersOf(sums: Sums, measure: Measure, t: TFunction): string[] {
  const { headcount, flags } = sums;
  return [
    isHeard(sums, measure) ? t('map.people', { count: headcount }) : '',
    flags > 0 ? t('count.flags', { count: flags }) : '',
  ].filter(Boolean);
}

interface FacilitiesProps {
  measure: Measure;
  facilities: readonly FacilityFacts[];
  choosing: Choosing | undefined;
  onFacility(facilityId: FacilityId): void;
}

function Facilities({ measure, facilities, choosing, onFacility }: FacilitiesProps) {
  const { t, language } = useTexts();
  return (
    <ul className={styles.facilities}>
      {facilities
        .toSorted((a, b) => a.rank - b.rank)
        .map((facts) => {
          const { facility, rank, areas } = facts;
          const sign = signAt(measure, rank);
          const name = facility.shortName[language];
          return (
            <li key={facility.id} className={styles.line}>
              {choosing ? (
                <Tick
                  name={name}
                  isOn={choosing.choice.has(facility.id) || choosing.choice.has(facility.regionId)}
                  onToggle={() => choosing.toggleFacility(facility.id)}
                />
              ) : null}
              <button
                type="button"
                className={styles.row}
                data-facility-id={facility.id}
                data-worst={sign}
                title={t('map.toWall')}
                onClick={() => onFacility(facility.id)}
              >
                <SignMark measure={measure} sign={sign} />
                <span className={styles.name}>{name}</span>
                <Facts
                  measure={measure}
                  sign={sign}
                  numbers={[t('count.areas', { count: areas }), ...numbersOf(facts, measure, t)]}
                />
              </button>
            </li>
          );
        })}
    </ul>
  );
}
