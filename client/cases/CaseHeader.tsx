import { useCallback } from 'react';
import { Link } from 'wouter';
import type { CaseSummary } from '#contract/cases.ts';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { PersonWords } from '../inspect/PersonWords.tsx';
import styles from './CasePage.module.css';

/** Who it is about, without a name; whether it goes on; where the person is. */
export function CaseHeader({ summary }: { summary: CaseSummary }) {
  const { t, language, formats } = useTexts();
  const { serverClock } = useDesk();
  const { caseId, facilityId, areaId, person, detainedAt, closedAt } = summary;
  const facility = useLive((state) => state.registry?.facilityById[facilityId]?.name[language]);
  const area = useLive((state) =>
    areaId === null ? undefined : state.registry?.areaById[areaId]?.name[language],
  );
  const held = useCallback(() => {
    if (closedAt !== null) return t('case.closed', { time: formats.dayAndTime(Date.parse(closedAt)) });
    if (detainedAt === null) return t('case.open');
    const span = formats.age(serverClock.nowMs() - Date.parse(detainedAt));
    return `${t('case.open')} · ${t('inspect.held', { span })}`;
  }, [closedAt, detainedAt, formats, serverClock, t]);
  return (
    <header className={styles.header}>
      <h1 className={styles.title}>{t('case.title', { id: caseId })}</h1>
      <p className={styles.sub}>
        <Ticking text={held} /> · <PersonWords person={person} />
      </p>
      <p className={styles.sub}>
        {facility ?? facilityId} ·{' '}
        {areaId === null ? t('case.nowhere') : <Link href={`/?area=${areaId}`}>{area ?? areaId}</Link>}
      </p>
    </header>
  );
}
