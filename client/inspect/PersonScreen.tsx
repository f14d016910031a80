import { FileText, UserRoundX } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { BackLink } from './BackLink.tsx';
import { PERSON_FORMS } from './forms.ts';
import { useInspect } from './inspect-context.ts';
import { PersonWords } from './PersonWords.tsx';
import styles from './Screen.module.css';

/** One person: what can be recorded about them. */
export function PersonScreen({ caseId }: { caseId: string }) {
  const { t, language } = useTexts();
  const { facts } = useInspect();
  const [path] = useLocation();
  const person = facts.people.find((one) => one.caseId === caseId);
  if (!person)
    return (
      <Notice icon={UserRoundX} title={t('inspect.unknownPerson')}>
        <BackLink to="/inspect/people" />
      </Notice>
    );
  const room = facts.rooms.find(({ id }) => id === person.areaId);
  return (
    <section className={styles.stack}>
      <BackLink
        to={room ? `/inspect/room/${room.id}` : '/inspect/people'}
        name={room?.name[language] ?? t('inspect.sections.people')}
      />
      <h2 className={styles.title}>{caseId}</h2>
      <p className={styles.facts}>
        <PersonWords person={person.person} />
        <Link href={`/cases/${facts.facilityId}/${caseId}`} className={styles.chip}>
          <FileText size="1rem" aria-hidden="true" />
          {t('inspect.openCase')}
        </Link>
      </p>
      {PERSON_FORMS.map(({ group, forms }) => (
        <section key={group} className={styles.stack}>
          <h3 className={styles.heading}>{t(`record.groups.${group}`)}</h3>
          <div className={styles.actions}>
            {forms.map(({ type, icon: Icon }) => (
              <Link key={type} href={`${path}/${type}`} className={styles.action}>
                <Icon size="1.25rem" aria-hidden="true" />
                <span>{t(`events.${type}`)}</span>
              </Link>
            ))}
          </div>
        </section>
      ))}
    </section>
  );
}
