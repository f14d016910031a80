import type { TFunction } from 'i18next';
import { useState } from 'react';
import type { CaseDetail, EventWords, TimelineEntry } from '#contract/cases.ts';
import type { RecordChannel } from '#contract/custody-events.ts';
import type { EventId } from '#contract/ids.ts';
import { formatSpan } from '../clock/countdown.ts';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { Place } from './CaseFacts.tsx';
import styles from './CaseTimeline.module.css';
import { detailWords } from './detail-words.ts';
import { WordsButton } from './WordsButton.tsx';

/** Written down this long after it happened, a record says so. */
const LATE_MS = 15 * 60_000;
/** On the way for this long, it was written while there was no network. */
const ON_THE_WAY_MS = 5 * 60_000;

/** The course of the case in one vertical line: everything as it was recorded, also what does not count any more. */
export function CaseTimeline({ detail }: { detail: CaseDetail }) {
  const { t } = useTexts();
  const { who } = useDesk();
  const [words, setWords] = useState<ReadonlyMap<EventId, EventWords>>();
  const [newestFirst, setNewestFirst] = useState(true);
  const { timeline, leftOut } = detail;
  const entries = newestFirst ? timeline.toReversed() : timeline;
  const byId = new Map(timeline.map((entry) => [entry.id, entry]));
  return (
    <section className={styles.section} aria-label={t('case.timeline')}>
      <header className={styles.header}>
        <h2 className={styles.heading}>{t('case.timeline')}</h2>
        {timeline.some(({ hasWords }) => hasWords) && mayDo(who, 'personal.read') ? (
          <WordsButton detail={detail} words={words} onWords={setWords} />
        ) : null}
        <Button look="quiet" onClick={() => setNewestFirst(!newestFirst)}>
          {t(newestFirst ? 'case.newestFirst' : 'case.oldestFirst')}
        </Button>
      </header>
      <ol className={styles.line}>
        {entries.map((entry) => (
          <Entry
            key={entry.id}
            entry={entry}
            words={words?.get(entry.id)}
            corrected={entry.corrects ? byId.get(entry.corrects) : undefined}
          />
        ))}
      </ol>
      {leftOut.events > 0 ? (
        <p className={styles.note}>{t('case.leftOut', { count: leftOut.events })}</p>
      ) : null}
    </section>
  );
}

/** What a record says of its author is the sender's word; by which way it came is what the server saw. */
function channelWords({ kind, id }: RecordChannel, t: TFunction): string {
  return kind === 'person' ? t('case.viaPerson', { name: id }) : t('case.viaFacility');
}

interface EntryProps {
  entry: TimelineEntry;
  /** What was written to it in free words, while that is shown. */
  words: EventWords | undefined;
  corrected: TimelineEntry | undefined;
}

function Entry({ entry, words: written, corrected }: EntryProps) {
  const { t, language, formats } = useTexts();
  const occurredMs = Date.parse(entry.occurredAt);
  const lateMs = Date.parse(entry.recordedAt) - occurredMs;
  const onTheWayMs = Date.parse(entry.receivedAt) - Date.parse(entry.recordedAt);
  const words = detailWords(entry, { t, language, formats });
  const meta = [
    t('case.recordedBy', { name: entry.recordedBy }),
    ...(entry.via ? [channelWords(entry.via, t)] : []),
    ...(lateMs > LATE_MS
      ? [
          t('case.recordedLate', {
            time: formats.dayAndTime(Date.parse(entry.recordedAt)),
            span: formats.age(lateMs),
          }),
        ]
      : []),
    ...(onTheWayMs > ON_THE_WAY_MS
      ? [t('case.receivedLate', { time: formats.dayAndTime(Date.parse(entry.receivedAt)) })]
      : []),
    ...(entry.skewMs === undefined ? [] : [t('case.skew', { span: formatSpan(entry.skewMs, language) })]),
  ];
  return (
    <li
      className={styles.entry}
      data-void={entry.voidedBy !== null || undefined}
      data-event-type={entry.type}
    >
      <time className={styles.time} dateTime={entry.occurredAt}>
        {formats.dayAndTime(occurredMs)}
      </time>
      <div className={styles.body}>
        <h3 className={styles.what}>
          <span className={styles.name}>
            {corrected
              ? t('case.correctionOf', { what: t(`events.${corrected.type}`) })
              : t(`events.${entry.type}`)}
          </span>
          {entry.areaId === null ? null : (
            <span className={styles.place}>
              <Place areaId={entry.areaId} />
            </span>
          )}
        </h3>
        {words.length > 0 ? <p className={styles.details}>{words.join(' · ')}</p> : null}
        {written?.reason ? <p className={styles.details}>{written.reason}</p> : null}
        {written?.note ? <p className={styles.details}>{written.note}</p> : null}
        {entry.hasWords && !written ? <p className={styles.note}>{t('case.hasNote')}</p> : null}
        {entry.voidedBy === null ? null : <p className={styles.mark}>{t('case.voided')}</p>}
        {entry.replaces === null ? null : <p className={styles.mark}>{t('case.replaces')}</p>}
        <p className={styles.note}>{meta.join(' · ')}</p>
      </div>
    </li>
  );
}
