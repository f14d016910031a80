import { UserRoundX } from 'lucide-react';
import { useLocation } from 'wouter';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { BackLink } from './BackLink.tsx';
import { personForm } from './forms.ts';
import { useInspect } from './inspect-context.ts';
import { type FormResult, RecordForm } from './RecordForm.tsx';
import { Draft } from './record.ts';
import styles from './Screen.module.css';
import { useRecord } from './use-record.ts';

/** A record about a person. */
export function PersonFormScreen({ caseId, type }: { caseId: string; type: string }) {
  const { t, language } = useTexts();
  const { facts } = useInspect();
  const [, navigate] = useLocation();
  const { record, pending, failed } = useRecord();
  const person = facts.people.find((one) => one.caseId === caseId);
  const form = personForm(type);
  const here = `/inspect/person/${caseId}`;
  if (!person || !form)
    return (
      <Notice icon={UserRoundX} title={t('inspect.unknownPerson')}>
        <BackLink to="/inspect/people" />
      </Notice>
    );
  const room = facts.rooms.find(({ id }) => id === person.areaId);

  async function save({ details, occurred }: FormResult) {
    const draft = Draft.parse({
      type,
      caseId,
      ...(person?.areaId ? { areaId: person.areaId } : {}),
      ...details,
    });
    if (await record([{ facilityId: facts.facilityId, draft, occurred }])) navigate(here);
  }

  return (
    <section className={styles.stack}>
      <BackLink to={here} name={caseId} />
      <RecordForm
        form={form}
        title={t(`events.${form.type}`)}
        subject={[caseId, room?.name[language]].filter(Boolean).join(' · ')}
        pending={pending}
        failed={failed}
        onSave={(result) => void save(result)}
      />
    </section>
  );
}
