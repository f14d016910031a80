import { ClipboardCheck, TriangleAlert } from 'lucide-react';
import { Link } from 'wouter';
import { useTexts } from '../desk/desk-context.ts';
import type { RoomDue } from './check-order.ts';
import { DueText } from './DueText.tsx';
import { useInspect, useNowMs, useRooms } from './inspect-context.ts';
import { PeopleCount } from './PeopleCount.tsx';
import styles from './Screen.module.css';

/** Rooms with the check that is due next, most pressing first. */
export function RoomsScreen() {
  const { t } = useTexts();
  const rooms = useRooms();
  const nowMs = useNowMs();
  const overdue = rooms.filter(({ dueMs }) => dueMs !== undefined && dueMs < nowMs).length;
  return (
    <section className={styles.stack}>
      <h2 className={styles.summary} data-worry={overdue > 0 || undefined}>
        {overdue > 0 ? <TriangleAlert size="1.125rem" aria-hidden="true" /> : null}
        {overdue > 0 ? t('inspect.overdueCount', { count: overdue }) : t('inspect.allOnTime')}
      </h2>
      <ul className={styles.list}>
        {rooms.map((due) => (
          <li key={due.room.id}>
            <RoomRow due={due} nowMs={nowMs} />
          </li>
        ))}
      </ul>
      <Link href="/inspect/round" className={styles.primary}>
        <ClipboardCheck size="1.25rem" aria-hidden="true" />
        {t('round.start')}
      </Link>
    </section>
  );
}

function RoomRow({ due, nowMs }: { due: RoomDue; nowMs: number }) {
  const { t, language, formats } = useTexts();
  const { isLive } = useInspect();
  const { room, checkedMs } = due;
  const isOverdue = due.dueMs !== undefined && due.dueMs < nowMs;
  return (
    <Link
      href={`/inspect/room/${room.id}`}
      className={styles.row}
      data-overdue={isOverdue || undefined}
      data-room-id={room.id}
      data-due-ms={due.dueMs}
    >
      <span className={styles.rowName}>{room.name[language]}</span>
      <PeopleCount room={room} className={styles.rowSide} />
      <span className={styles.rowDue}>
        {isOverdue ? <TriangleAlert size="1rem" aria-hidden="true" /> : null}
        <DueText due={due} />
      </span>
      {checkedMs === undefined ? null : (
        <span className={styles.rowNote}>
          {t(isLive ? 'inspect.checkedAt' : 'inspect.checkedWaiting', {
            time: formats.moment(checkedMs, nowMs),
          })}
        </span>
      )}
    </Link>
  );
}
