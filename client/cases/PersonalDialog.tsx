import { ShieldCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import type { CaseId, FacilityId } from '#contract/ids.ts';
import { type Purpose, PurposeList } from '#contract/personal.ts';
import { Field } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import type { FailureCode } from '../session/failure.ts';
import styles from './PersonalPanel.module.css';

/** The contract asks for a note of at least this many characters. */
const MIN_NOTE = 3;

interface PersonalDialogProps<T> {
  facilityId: FacilityId;
  caseId: CaseId;
  /** What is asked for, and what the answer looks like. */
  what: 'personal' | 'notes';
  reply: z.ZodType<T>;
  onClose(): void;
  onRead(reply: T): void;
}

/** Asks what the personal data is needed for, and says that this stays in the audit. */
export function PersonalDialog<T>({
  facilityId,
  caseId,
  what,
  reply,
  onClose,
  onRead,
}: PersonalDialogProps<T>) {
  const { t } = useTexts();
  const { api } = useDesk();
  const { purposes, failure, setFailure } = usePurposes();
  const [purpose, setPurpose] = useState<Purpose>();
  const [note, setNote] = useState('');
  const [pending, setPending] = useState(false);
  const isGrounded = purpose !== undefined && (!purpose.needsNote || note.trim().length >= MIN_NOTE);

  async function read() {
    if (!purpose || pending || !isGrounded) return;
    setPending(true);
    setFailure(undefined);
    const said = note.trim();
    const answer = await api.call(
      `/api/v1/facilities/${encodeURIComponent(facilityId)}/cases/${encodeURIComponent(caseId)}/${what}`,
      {
        body: { purpose: purpose.id, ...(said.length >= MIN_NOTE ? { note: said } : {}) },
        reply,
      },
    );
    setPending(false);
    if (answer.ok) onRead(answer.value);
    else setFailure(answer.code);
  }

  return (
    <FormDialog
      onClose={onClose}
      title={t(what === 'notes' ? 'case.notes' : 'personal.title')}
      subtitle={t(what === 'notes' ? 'case.notesSubtitle' : 'personal.subtitle')}
      cancel={t('personal.cancel')}
      submit={pending ? t('personal.pending') : t('personal.submit')}
      disabled={pending || !isGrounded}
      onSubmit={() => void read()}
      failure={failure && `${t('personal.failed')}. ${t(`errors.${failure}`)}`}
      note={purpose?.needsNote && note.trim().length < MIN_NOTE ? t('personal.noteShort') : undefined}
    >
      <p className={styles.audit}>
        <ShieldCheck size="1.125rem" aria-hidden="true" />
        {t('personal.audit')}
      </p>
      <Purposes purposes={purposes} chosen={purpose?.id} onChoose={setPurpose} />
      <Field label={t('personal.note')}>
        <textarea
          rows={2}
          maxLength={500}
          value={note}
          placeholder={t('personal.notePlaceholder')}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}

/** The purposes that are open to the person's role now. */
function usePurposes() {
  const { api } = useDesk();
  const [purposes, setPurposes] = useState<readonly Purpose[]>();
  const [failure, setFailure] = useState<FailureCode>();
  useEffect(() => {
    const end = new AbortController();
    void api.call('/api/v1/purposes', { reply: PurposeList, signal: end.signal }).then((answer) => {
      if (end.signal.aborted) return;
      if (answer.ok) setPurposes(answer.value.items);
      else setFailure(answer.code);
    });
    return () => end.abort();
  }, [api]);
  return { purposes, failure, setFailure };
}

interface PurposesProps {
  purposes: readonly Purpose[] | undefined;
  chosen: string | undefined;
  onChoose(purpose: Purpose): void;
}

function Purposes({ purposes, chosen, onChoose }: PurposesProps) {
  const { t, language } = useTexts();
  if (!purposes) return <p className={styles.note}>{t('personal.loading')}</p>;
  if (purposes.length === 0) return <p className={styles.note}>{t('personal.noPurposes')}</p>;
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t('personal.purpose')}</legend>
      {purposes.map((one) => (
        <label key={one.id} className={styles.purpose} data-chosen={one.id === chosen || undefined}>
          <input
            type="radio"
            name="purpose"
            value={one.id}
            checked={one.id === chosen}
            onChange={() => onChoose(one)}
          />
          <span>
            <span className={styles.name}>{one.label[language]}</span>
            <span className={styles.note}>{one.explanation[language]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
