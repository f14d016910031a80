import { Users } from 'lucide-react';
import { useState } from 'react';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import type { PersonFacts } from './facility-facts.ts';
import { useInspect } from './inspect-context.ts';
import { PersonRow } from './PersonRow.tsx';
import styles from './Screen.module.css';

/** Everybody who is held here, by room. */
export function PeopleScreen() {
  const { t, language } = useTexts();
  const { facts } = useInspect();
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found = facts.people.filter(({ caseId }) => caseId.includes(wanted));
  const byRoom = Map.groupBy(found, ({ areaId }) => areaId);
  const rooms = facts.rooms.filter(({ id }) => byRoom.has(id));
  const elsewhere = [...byRoom].flatMap(([areaId, people]) =>
    rooms.some(({ id }) => id === areaId) ? [] : people,
  );
  if (facts.people.length === 0)
    return <Notice icon={Users} title={t('inspect.noPeople')} hint={t('inspect.noPeopleHint')} />;
  return (
    <section className={styles.stack}>
      <input
        type="search"
        className={styles.input}
        placeholder={t('inspect.searchPeople')}
        aria-label={t('inspect.searchPeople')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {found.length === 0 ? <p className={styles.hint}>{t('inspect.noMatch')}</p> : null}
      {rooms.map(({ id, name }) => (
        <Room key={id} name={name[language]} people={byRoom.get(id) ?? []} />
      ))}
      {elsewhere.length > 0 ? <Room name={t('inspect.unplaced')} people={elsewhere} /> : null}
    </section>
  );
}

function Room({ name, people }: { name: string; people: readonly PersonFacts[] }) {
  return (
    <section className={styles.stack}>
      <h2 className={styles.heading}>{name}</h2>
      <ul className={styles.list}>
        {people.map((person) => (
          <li key={person.caseId}>
            <PersonRow person={person} />
          </li>
        ))}
      </ul>
    </section>
  );
}
