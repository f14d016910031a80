import { useCallback } from 'react';
import { findingKindOf } from '#contract/area-filter.ts';
import type { Air } from '#contract/conditions.ts';
import type { AreaFinding } from '#contract/status.ts';
import { LevelMark } from '../design/LevelMark.tsx';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { findingText } from '../flags/rule-text.ts';
import { limitKey } from '../store/registry.ts';
import { Fact } from './Fact.tsx';
import styles from './FocusFacts.module.css';
import { standingWords } from './standing.ts';
import { m2PerPerson, type TileData } from './tile-data.ts';

/** Room per person, and the line that it is below: whose norm, and what that rests on. */
export function FocusSpace({ area, status }: Pick<TileData, 'area' | 'status'>) {
  const { t, formats, language } = useTexts();
  const limits = useLive((state) => state.registry?.limits);
  const m2 = m2PerPerson(area, status);
  if (m2 === undefined) return null;
  const { below, level } = status?.space ?? {};
  const line = below && limits?.[limitKey(below)];
  return (
    <Fact name={t('focus.area')}>
      <span className={styles.value} data-room={level}>
        {level === 'red' ? <LevelMark level={3} /> : null}
        {t('tile.m2', { value: formats.decimal(m2) })}
        {line ? ` · ${line.label[language]}` : null}
      </span>
      {line ? (
        <span className={styles.detail}>
          {[line.normName?.[language], line.source[language], standingWords(line.standing, t)]
            .filter(Boolean)
            .join(' · ')}
        </span>
      ) : null}
    </Fact>
  );
}

/** The air as last measured, and how long ago that was: a measurement of yesterday says nothing of now. */
export function FocusAir({ air }: { air: Air | undefined }) {
  const { t, formats } = useTexts();
  const { serverClock } = useDesk();
  const at = air?.at;
  const age = useCallback(
    () => (at ? t('focus.airAge', { age: formats.age(serverClock.nowMs() - Date.parse(at)) }) : ''),
    [at, formats, serverClock, t],
  );
  if (!air) return null;
  const values = [
    air.temperatureC === undefined
      ? []
      : t('focus.temperature', { value: formats.decimal(air.temperatureC) }),
    air.co2Ppm === undefined ? [] : t('focus.co2', { value: air.co2Ppm }),
    air.humidityPct === undefined ? [] : t('focus.humidity', { value: air.humidityPct }),
  ].flat();
  return (
    <Fact name={t('focus.air')}>
      <span>{values.join(' · ')}</span> <Ticking className={styles.detail} text={age} />
    </Fact>
  );
}

/** What contradicts a rule or the record, since when, and by which rule. */
export function FocusFindings({ findings }: { findings: readonly AreaFinding[] }) {
  const { t, formats, language } = useTexts();
  const limits = useLive((state) => state.registry?.limits) ?? {};
  if (findings.length === 0) return null;
  return (
    <section className={styles.findings}>
      <h3 className={styles.heading}>{t('focus.findings')}</h3>
      <ul className={styles.list}>
        {findings.map((finding) => {
          const kind = findingKindOf(finding);
          const rule = limits[`${finding.normSet}/${finding.code}`];
          return (
            <li key={`${finding.normSet}/${finding.code}`} className={styles.finding} data-kind={kind}>
              <LevelMark level={kind === 'separation' ? 2 : 4} />
              <div>
                <p>{findingText(finding, { language, limits })}</p>
                <p className={styles.detail}>
                  {[
                    t('focus.since', { time: formats.dayAndTime(Date.parse(finding.since)) }),
                    rule?.source[language] ?? t('focus.ofRecord'),
                    rule && standingWords(rule.standing, t),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
