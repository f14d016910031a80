import { ShieldCheck } from 'lucide-react';
import type { z } from 'zod';
import type { CaseId, FacilityId } from '#contract/ids.ts';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';
import { PurposeFields } from '../purposes/PurposeFields.tsx';
import { usePurposeChoice } from '../purposes/use-purpose-choice.ts';
import styles from './PersonalPanel.module.css';

interface PersonalDialogProps<T> {
  facilityId: FacilityId;
  caseId: CaseId;
  /** What is asked for, and what the answer looks like. */
  what: keyof typeof TITLES;
  /** With `personal/earlier`: the version before which is asked for; null from the present one. */
  before?: number | null;
  reply: z.ZodType<T>;
  onClose(): void;
  onRead(reply: T): void;
}

const TITLES = {
  personal: ['personal.title', 'personal.subtitle'],
  'personal/earlier': ['personal.earlier', 'personal.earlierSubtitle'],
  notes: ['case.notes', 'case.notesSubtitle'],
} as const;

/** Asks what the personal data is needed for, and says that this stays in the audit. */
export function PersonalDialog<T>({
  facilityId,
  caseId,
  what,
  before,
  reply,
  onClose,
  onRead,
}: PersonalDialogProps<T>) {
  const { t } = useTexts();
  const { api } = useDesk();
  const choice = usePurposeChoice('/api/v1/purposes');
  const { pending, failure, send } = useSending();
  const problem = failure ?? choice.failure;

  function read() {
    const { body } = choice;
    if (!body) return;
    const path = `/api/v1/facilities/${encodeURIComponent(facilityId)}/cases/${encodeURIComponent(caseId)}/${what}`;
    void send(() => api.call(path, { body: before ? { ...body, before } : body, reply }), onRead);
  }

  const [title, subtitle] = TITLES[what];
  return (
    <FormDialog
      onClose={onClose}
      title={t(title)}
      subtitle={t(subtitle)}
      cancel={t('personal.cancel')}
      submit={pending ? t('personal.pending') : t('personal.submit')}
      disabled={pending || !choice.body}
      onSubmit={read}
      failure={problem && `${t('personal.failed')}. ${t(`errors.${problem}`)}`}
      note={choice.lacksNote ? t('personal.noteShort') : undefined}
    >
      <p className={styles.audit}>
        <ShieldCheck size="1.125rem" aria-hidden="true" />
        {t('personal.audit')}
      </p>
      <PurposeFields choice={choice} />
    </FormDialog>
  );
}
