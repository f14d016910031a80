import { type ReactNode, useLayoutEffect, useRef } from 'react';
import type { LimitInfo } from '#contract/live.ts';
import type { Clock } from '#contract/status.ts';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { limitKey } from '../store/registry.ts';
import { limitFace } from './clock-face.ts';
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
      <Clocks clocks={status?.clocks ?? []} />
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

/** Each person's limits under their case number, and below them the rules that they come from. */
function Clocks({ clocks }: { clocks: readonly Clock[] }) {
  const { t, language } = useTexts();
  const limits = useLive((state) => state.registry?.limits) ?? NO_LIMITS;
  const cases = [...Map.groupBy(clocks, ({ caseId }) => caseId)];
  const rules = new Map(clocks.map((clock) => [limitKey(clock), limits[limitKey(clock)]]));
  return (
    <section className={styles.clocks}>
      <h3 className={styles.heading}>{t('focus.clocks')}</h3>
      {clocks.length === 0 ? <p className={styles.none}>{t('focus.noClocks')}</p> : null}
      {cases.map(([caseId, own]) => (
        <section key={caseId} className={styles.case}>
          <h4 className={styles.caseId}>{t('focus.case', { id: caseId })}</h4>
          <ul className={styles.list}>
            {own.map((clock) => (
              <ClockRow key={limitKey(clock)} clock={clock} limits={limits} />
            ))}
          </ul>
        </section>
      ))}
      <ul className={styles.rules}>
        {[...rules].map(([key, limit]) =>
          limit ? (
            <li key={key}>
              {limit.source[language]}
              {limit.standing === 'law' ? null : ` (${t(STANDING[limit.standing])})`}
            </li>
          ) : null,
        )}
      </ul>
    </section>
  );
}

const NO_LIMITS: Readonly<Record<string, LimitInfo>> = {};
const STANDING = {
  guidance: 'focus.guidance',
  'general-knowledge': 'focus.generalKnowledge',
  judgment: 'focus.judgment',
} as const;

function ClockRow({ clock, limits }: { clock: Clock; limits: Readonly<Record<string, LimitInfo>> }) {
  const { t, language, formats } = useTexts();
  const { serverClock, ticker } = useDesk();
  const row = useRef<HTMLLIElement>(null);
  const left = useRef<HTMLSpanElement>(null);
  const label = limits[limitKey(clock)]?.label[language] ?? clock.limit;

  useLayoutEffect(() => {
    const words = { toCheck: '', checkOverdue: '', paused: t('tile.paused') };
    const write = () => {
      const face = limitFace(clock, { limits, words, language, nowMs: serverClock.nowMs() });
      if (left.current) left.current.textContent = face.text;
      if (row.current) row.current.dataset.clock = face.level;
    };
    write();
    return ticker.add((_, textMayChange) => {
      if (textMayChange) write();
    });
  }, [clock, limits, language, serverClock, ticker, t]);

  return (
    <li ref={row} className={styles.clock} title={limits[limitKey(clock)]?.source[language]}>
      <span className={styles.label}>{label}</span>
      <span ref={left} className={styles.left} />
      <span className={styles.detail}>
        {t('focus.due', { time: formats.dayAndTime(Date.parse(clock.dueAt)) })}
      </span>
    </li>
  );
}
