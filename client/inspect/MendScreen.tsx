import { ListChecks } from 'lucide-react';
import { useLocation } from 'wouter';
import { useStore } from 'zustand';
import { Notice } from '../design/Notice.tsx';
import { useTexts } from '../desk/desk-context.ts';
import { BackLink } from './BackLink.tsx';
import { type Form, personForm, roomForm } from './forms.ts';
import { useInspect } from './inspect-context.ts';
import { type FormResult, RecordForm } from './RecordForm.tsx';
import { RecordRow } from './RecordRow.tsx';
import { Draft, type PendingRecord } from './record.ts';
import { filledOf } from './record-fields.ts';
import styles from './Screen.module.css';

/** A record that was refused, to be put right and sent again. */
export function MendScreen({ recordId }: { recordId: string }) {
  const { t } = useTexts();
  const { outbox } = useInspect();
  const [, navigate] = useLocation();
  const record = useStore(outbox.store, (state) => state.records.find(({ id }) => id === recordId));
  if (record?.state.state !== 'refused')
    return (
      <Notice icon={ListChecks} title={t('outbox.allSent')}>
        <BackLink to="/inspect/records" />
      </Notice>
    );
  const form = formOf(record);

  async function save({ details, occurred }: FormResult) {
    if (!record) return;
    const { draft } = record;
    const place = 'caseId' in draft ? { caseId: draft.caseId } : {};
    const area = draft.areaId === undefined ? {} : { areaId: draft.areaId };
    await outbox.mend(record.id, {
      draft: Draft.parse({ type: draft.type, ...place, ...area, ...details }),
      occurred,
    });
    navigate('/inspect/records');
  }

  return (
    <section className={styles.stack}>
      <BackLink to="/inspect/records" name={t('inspect.sections.records')} />
      <RecordForm
        form={form}
        title={t(`events.${record.draft.type}`)}
        subject={<RecordRow record={record} />}
        initial={{ filled: filledOf(record.draft), occurred: record.occurred }}
        pending={false}
        failed={false}
        onSave={(result) => void save(result)}
      />
    </section>
  );
}

/** Records that come from a screen of their own, such as a check, have time and note to put right. */
function formOf({ draft }: PendingRecord): Form {
  return personForm(draft.type) ?? roomForm(draft.type) ?? { type: draft.type, icon: ListChecks, fields: [] };
}
