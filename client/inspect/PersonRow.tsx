import { ChevronRight } from 'lucide-react';
import { useCallback } from 'react';
import { Link } from 'wouter';
import { Ticking } from '../design/Ticking.tsx';
import { useTexts } from '../desk/desk-context.ts';
import type { PersonFacts } from './facility-facts.ts';
import { useInspect } from './inspect-context.ts';
import { PersonWords } from './PersonWords.tsx';
import styles from './Screen.module.css';

/** A person under their case number; no names on this page. */
export function PersonRow({ person }: { person: PersonFacts }) {
  const { t, formats } = useTexts();
  const { outbox } = useInspect();
  const { detainedAt } = person;
  const held = useCallback(
    () =>
      detainedAt === null
        ? ''
        : t('inspect.held', { span: formats.age(outbox.clock.nowMs() - Date.parse(detainedAt)) }),
    [detainedAt, formats, outbox, t],
  );
  return (
    <Link href={`/inspect/person/${person.caseId}`} className={styles.row} data-case-id={person.caseId}>
      <span className={styles.rowName}>{person.caseId}</span>
      <span className={styles.rowSide}>
        <ChevronRight size="1.25rem" aria-hidden="true" />
      </span>
      <span className={styles.rowNote}>
        <PersonWords person={person.person} /> · <Ticking text={held} />
      </span>
    </Link>
  );
}
