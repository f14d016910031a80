import { useLocation } from 'wouter';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { BackLink } from './BackLink.tsx';
import { CheckForm } from './CheckForm.tsx';
import { FOR_ALL, roomForm } from './forms.ts';
import { useInspect, useRooms } from './inspect-context.ts';
import { type FormResult, RecordForm } from './RecordForm.tsx';
import { Draft } from './record.ts';
import styles from './Screen.module.css';
import { useRecord } from './use-record.ts';

/** A record about a room, or the same one about everybody in it. */
export function RoomFormScreen({ areaId, type }: { areaId: string; type: string }) {
  const { t, language } = useTexts();
  const { facts } = useInspect();
  const [, navigate] = useLocation();
  const { record, pending, failed } = useRecord();
  const due = useRooms().find(({ room }) => room.id === areaId);
  const forAll = FOR_ALL.find((one) => one.type === type);
  const form = roomForm(type) ?? forAll;
  const here = `/inspect/room/${areaId}`;
  const leave = () => navigate(here);
  if (!due || (!form && type !== 'check'))
    return (
      <Notice title={t('inspect.unknownRoom')}>
        <BackLink to="/inspect" />
      </Notice>
    );
  const room = due.room.name[language];
  if (!form)
    return (
      <section className={styles.stack}>
        <BackLink to={here} name={room} />
        <CheckForm due={due} onDone={leave} />
      </section>
    );
  const inside = facts.people.filter((person) => person.areaId === areaId);

  async function save({ details, occurred }: FormResult) {
    const common = { type, areaId, ...details };
    const drafts = forAll
      ? inside.map(({ caseId }) => Draft.parse({ ...common, caseId }))
      : [Draft.parse(common)];
    const saved = await record(drafts.map((draft) => ({ facilityId: facts.facilityId, draft, occurred })));
    if (saved) leave();
  }

  return (
    <section className={styles.stack}>
      <BackLink to={here} name={room} />
      <RecordForm
        form={form}
        title={t(`events.${form.type}`)}
        subject={room}
        pending={pending}
        failed={failed}
        onSave={(result) => void save(result)}
      >
        {forAll ? <p className={styles.hint}>{t('record.forAllCount', { count: inside.length })}</p> : null}
      </RecordForm>
    </section>
  );
}
