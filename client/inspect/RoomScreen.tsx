import { Check, MapPinOff } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { useToday } from '../desk/use-today.ts';
import { BackLink } from './BackLink.tsx';
import { DueText } from './DueText.tsx';
import { FOR_ALL, ROOM_FORMS } from './forms.ts';
import { useInspect, useRooms } from './inspect-context.ts';
import { PeopleCount } from './PeopleCount.tsx';
import { PersonRow } from './PersonRow.tsx';
import styles from './Screen.module.css';

/** One room: what is due, who is in it, what can be recorded of it. */
export function RoomScreen({ areaId }: { areaId: string }) {
  const { t, language, formats } = useTexts();
  const { facts, outbox } = useInspect();
  const todayMs = useToday(outbox.clock.nowMs);
  const [path] = useLocation();
  const due = useRooms().find(({ room }) => room.id === areaId);
  if (!due)
    return (
      <Notice icon={MapPinOff} title={t('inspect.unknownRoom')}>
        <BackLink to="/inspect" />
      </Notice>
    );
  const { room } = due;
  const inside = facts.people.filter((person) => person.areaId === areaId);
  return (
    <section className={styles.stack}>
      <BackLink to="/inspect" name={t('inspect.sections.rooms')} />
      <h2 className={styles.title}>{room.name[language]}</h2>
      <p className={styles.facts}>
        <PeopleCount room={room} />
        <DueText due={due} />
        {room.confidentialSince ? (
          <span>
            {t('inspect.confidential', { time: formats.moment(Date.parse(room.confidentialSince), todayMs) })}
          </span>
        ) : null}
        {room.confidentialUntil ? (
          <span>
            {t('inspect.confidentialUntil', { time: formats.time(Date.parse(room.confidentialUntil)) })}
          </span>
        ) : null}
      </p>
      <Link href={`${path}/check`} className={styles.primary}>
        <Check size="1.25rem" aria-hidden="true" />
        {t('round.checked')}
      </Link>
      {inside.length > 0 ? (
        <ul className={styles.list}>
          {inside.map((person) => (
            <li key={person.caseId}>
              <PersonRow person={person} />
            </li>
          ))}
        </ul>
      ) : null}
      <h3 className={styles.heading}>{t('record.aboutRoom')}</h3>
      <div className={styles.actions}>
        {[...ROOM_FORMS, ...(inside.length > 0 ? FOR_ALL : [])].map(({ type, icon: Icon }) => (
          <Link key={type} href={`${path}/${type}`} className={styles.action}>
            <Icon size="1.25rem" aria-hidden="true" />
            <span>
              {t(`events.${type}`)}
              {FOR_ALL.some((one) => one.type === type)
                ? ` · ${t('inspect.people', { count: inside.length })}`
                : ''}
            </span>
          </Link>
        ))}
      </div>
    </section>
  );
}
