import { useRef, useState } from 'react';
import type { z } from 'zod';
import { Complaint } from '#contract/complaints.ts';
import { ComplaintOutcome } from '#contract/custody-details.ts';
import { Choices, Field, FieldGroup } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';

/** The contract takes a note of at least this many characters, or none. */
const MIN_NOTE = 3;

interface AnswerDialogProps {
  complaint: Complaint;
  to: 'in-review' | 'answered';
  onClose(): void;
  /** It went, or somebody else was faster. */
  onChanged(): void;
}

/** Takes a complaint into review, or answers it for good, with a note that is kept as the words are. */
export function AnswerDialog({ complaint, to, onClose, onChanged }: AnswerDialogProps) {
  const { t } = useTexts();
  const { api } = useDesk();
  const { pending, failure, send } = useSending();
  const [outcome, setOutcome] = useState<z.infer<typeof ComplaintOutcome>>();
  const [note, setNote] = useState('');
  const input = useRef<HTMLTextAreaElement>(null);
  const said = note.trim();
  const isShort = said.length > 0 && said.length < MIN_NOTE;
  const isAnswer = to === 'answered';

  async function step() {
    const body = {
      to,
      version: complaint.version,
      ...(isAnswer ? { outcome } : {}),
      ...(said === '' ? {} : { note: said }),
    };
    const path = `/api/v1/complaints/${complaint.id}/transitions`;
    if (await send(() => api.call(path, { body, reply: Complaint }))) onClose();
    onChanged();
  }

  return (
    <FormDialog
      onClose={onClose}
      title={t(isAnswer ? 'complaints.answer' : 'complaints.review')}
      subtitle={`${complaint.number} · ${t(`complaints.kinds.${complaint.kind}`)}`}
      cancel={t('complaints.cancel')}
      submit={t(isAnswer ? 'complaints.answer' : 'complaints.review')}
      disabled={pending || isShort || (isAnswer && outcome === undefined)}
      onSubmit={() => void step()}
      failure={failure && t(`errors.${failure}`)}
      note={isAnswer ? t('complaints.final') : undefined}
      initialFocus={input}
    >
      {isAnswer ? (
        <FieldGroup label={t('complaints.outcome')}>
          <Choices
            name="complaint-outcome"
            options={ComplaintOutcome.options}
            chosen={outcome}
            onChoose={setOutcome}
          >
            {(one) => t(`figures.outcomes.${one}`)}
          </Choices>
        </FieldGroup>
      ) : null}
      <Field label={t('complaints.note')} hint={t('complaints.noteHint')}>
        <textarea
          ref={input}
          rows={3}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}
