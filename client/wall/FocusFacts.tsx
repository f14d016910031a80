import type { ReactNode } from 'react';
import { useCallback, useMemo } from 'react';
import type { Clock } from '#contract/status.ts';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { limitKey } from '../store/registry.ts';
import { type ClockWords, limitFace } from './clock-face.ts';
import styles from './FocusFacts.module.css';
import { m2PerPerson, type TileData } from './use-tile.ts';

/** Everything that is known of an area, in words. No identities: case numbers only. */
export function FocusFacts({ data }: { data: TileData }) {
  const { t, formats } = useTexts();
  const { area, status, feed } = data;
  const m2 = m2PerPerson(area, status);
  const instant = (at: string | null | undefined) =>
    at ? formats.dayAndTime(Date.parse(at)) : t('focus.unknown');
  return (
    <>
      <Clocks clocks={status?.clocks ?? []} />
      <dl className={styles.facts}>
        <Fact name={t('focus.people')}>
          {status ? `${status.headcount}` : t('focus.unknown')}
          {status && status.vulnerabilities.length > 0
            ? ` · ${status.vulnerabilities.map((one) => t(`vulnerabilities.${one}`)).join(', ')}`
            : null}
        </Fact>
        {area.capacity > 0 ? <Fact name={t('focus.capacity')}>{area.capacity}</Fact> : null}
        {m2 === undefined ? null : (
          <Fact name={t('focus.area')}>{t('tile.m2', { value: formats.decimal(m2) })}</Fact>
        )}
        {status?.nextCheckDueAt ? (
          <Fact name={t('focus.nextCheck')}>{instant(status.nextCheckDueAt)}</Fact>
        ) : null}
        <Fact name={t('focus.updated')}>{instant(status?.updatedAt)}</Fact>
        <Fact name={t('focus.privacy')}>{t(`privacies.${area.privacy}`)}</Fact>
        <Fact name={t('filter.feedState')}>{t(`filter.feedStates.${feed?.state ?? 'idle'}`)}</Fact>
        {area.feeds[0] ? (
          <Fact name={t('focus.source')}>{t(`filter.feedSources.${area.feeds[0].source}`)}</Fact>
        ) : null}
      </dl>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Clocks({ clocks }: { clocks: readonly Clock[] }) {
  const { t } = useTexts();
  return (
    <section className={styles.clocks}>
      <h3 className={styles.heading}>{t('focus.clocks')}</h3>
      {clocks.length === 0 ? <p className={styles.none}>{t('focus.noClocks')}</p> : null}
      <ul className={styles.list}>
        {clocks.map((clock) => (
          <ClockRow key={`${clock.caseId}/${limitKey(clock)}`} clock={clock} />
        ))}
      </ul>
    </section>
  );
}

function ClockRow({ clock }: { clock: Clock }) {
  const { t, language, formats } = useTexts();
  const { serverClock } = useDesk();
  const limits = useLive((state) => state.registry?.limits);
  const words: ClockWords = useMemo(() => ({ toCheck: '', checkOverdue: '', paused: t('tile.paused') }), [t]);
  const face = useCallback(
    () => limitFace(clock, { limits: limits ?? {}, words, language, nowMs: serverClock.nowMs() }),
    [clock, limits, words, language, serverClock],
  );
  const left = useCallback(() => face().text, [face]);
  const { label, level, source } = face();
  const limit = limits?.[limitKey(clock)];
  return (
    <li className={styles.clock} data-clock={level}>
      <span className={styles.label}>{label}</span>
      <Ticking text={left} className={styles.left} />
      <span className={styles.detail}>
        {t('focus.due', { time: formats.dayAndTime(Date.parse(clock.dueAt)) })} ·{' '}
        {t('focus.case', { id: clock.caseId })}
      </span>
      <span className={styles.detail}>{source}</span>
      {limit && limit.standing !== 'law' ? (
        <span className={styles.detail}>
          {t(limit.standing === 'guidance' ? 'focus.guidance' : 'focus.generalKnowledge')}
        </span>
      ) : null}
    </li>
  );
}
