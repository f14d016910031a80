import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CaseContradiction, CaseDetail } from '#contract/cases.ts';
import type { Person } from '#contract/custody-details.ts';
import { formatSpan } from '../clock/countdown.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import styles from './CaseFacts.module.css';

const TIMES = ['actual', 'delivered', 'registered', 'protocol'] as const;
const MARKED = ['convicted', 'lifeSentenced', 'foreigner', 'specialService'] as const;

/** The four times and what contradicts them, facts that norms ask about, where the person was, time without video. */
export function CaseFacts({ detail }: { detail: CaseDetail }) {
  const { t, formats, language } = useTexts();
  const { times, contradictions, stays, dark, summary } = detail;
  return (
    <div className={styles.facts}>
      <Section title={t('case.times')}>
        <dl className={styles.list}>
          {TIMES.map((name) => {
            const instant = times[name];
            return (
              <div key={name} className={styles.fact}>
                <dt>{t(`case.${name}`)}</dt>
                <dd data-missing={instant === null || undefined}>
                  {instant === null ? t('case.notRecorded') : formats.dayAndTime(Date.parse(instant))}
                </dd>
              </div>
            );
          })}
        </dl>
      </Section>
      {contradictions.length > 0 ? (
        <Section title={t('case.contradictions')}>
          <ul className={styles.items}>
            {contradictions.map((one) => (
              <Contradiction key={`${one.code} ${one.at}`} contradiction={one} />
            ))}
          </ul>
        </Section>
      ) : null}
      {summary.person ? (
        <Section title={t('case.person')}>
          <PersonFacts person={summary.person} />
        </Section>
      ) : null}
      {stays.length > 0 ? (
        <Section title={t('case.stays')}>
          <ul className={styles.items}>
            {stays.toReversed().map(({ areaId, from, to }) => (
              <li key={`${areaId} ${from}`}>
                <Place areaId={areaId} />
                <span className={styles.when}>
                  {formats.dayAndTime(Date.parse(from))} –{' '}
                  {to === null ? t('case.untilNow') : formats.dayAndTime(Date.parse(to))}
                </span>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {dark && dark.length > 0 ? (
        <Section title={t('case.dark')}>
          <dl className={styles.list}>
            {dark.map(({ cause, seconds }) => (
              <div key={cause} className={styles.fact}>
                <dt>{t(`case.darkCauses.${cause as 'fault'}`, cause)}</dt>
                <dd>{formatSpan(seconds * 1_000, language)}</dd>
              </div>
            ))}
          </dl>
        </Section>
      ) : null}
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>{title}</h2>
      {children}
    </section>
  );
}

function Contradiction({ contradiction }: { contradiction: CaseContradiction }) {
  const { t, formats } = useTexts();
  const at = formats.dayAndTime(Date.parse(contradiction.at));
  const { against } = contradiction;
  return (
    <li className={styles.contradiction}>
      <TriangleAlert size="1rem" aria-hidden="true" />
      <div>
        <p>{t(`case.contradictionCodes.${contradiction.code}`)}</p>
        <p className={styles.when}>
          {against === null
            ? t('case.againstNothing', { at })
            : t('case.against', { at, against: formats.dayAndTime(Date.parse(against)) })}
        </p>
      </div>
    </li>
  );
}

function PersonFacts({ person }: { person: Person }) {
  const { t } = useTexts();
  const words = [
    t(`inspect.${person.sex}`),
    t(`case.regimes.${person.regime}`),
    ...(person.minor ? [t('inspect.traits.minor')] : []),
    ...(person.atRisk ? [t('inspect.traits.at-risk')] : []),
    ...(person.vulnerable ? [t('inspect.traits.vulnerable')] : []),
    ...(person.intoxicated ? [t('inspect.traits.intoxicated')] : []),
    ...MARKED.flatMap((name) => (person[name] ? [t(`case.${name}`)] : [])),
  ];
  return (
    <ul className={styles.words}>
      {words.map((word) => (
        <li key={word}>{word}</li>
      ))}
    </ul>
  );
}

/** An area by its name. */
export function Place({ areaId }: { areaId: string }) {
  const { language } = useTexts();
  return useLive((state) => state.registry?.areaById[areaId]?.name[language]) ?? areaId;
}
