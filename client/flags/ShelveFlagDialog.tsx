import { useRef, useState } from 'react';
import { SHELF_MINUTES } from '#contract/flags.ts';
import { Choices, FieldGroup } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { isReason, ReasonField } from './ReasonField.tsx';
import { type FlagsDialogProps, useStepOnAll } from './use-step-on-all.ts';

const MINUTE_MS = 60_000;

/** Puts flags aside until a time, with the reason that everybody sees. */
export function ShelveFlagDialog({ flags, onClose, onOutcome }: FlagsDialogProps) {
  const { t, formats } = useTexts();
  const { flags: actions } = useDesk();
  const { pending, failure, stepOn } = useStepOnAll(flags, { onDone: onClose, onOutcome });
  // The same through all attempts, so that a repeated one does not put a flag aside twice.
  const [ids] = useState(() => new Map(flags.map((flag) => [flag.id, actions.newId()])));
  const [minutes, setMinutes] = useState<(typeof SHELF_MINUTES)[number]>(SHELF_MINUTES[0]);
  const [reason, setReason] = useState('');
  const input = useRef<HTMLTextAreaElement>(null);
  const [first] = flags;
  const isReasoned = isReason(reason);
  return (
    <FormDialog
      onClose={onClose}
      title={flags.length > 1 ? t('shelve.titleMany', { count: flags.length }) : t('shelve.title')}
      subtitle={t(`categories.${first.category}`)}
      cancel={t('shelve.cancel')}
      submit={pending ? t('shelve.pending') : t('shelve.submit')}
      disabled={pending || !isReasoned}
      onSubmit={() =>
        stepOn('shelved', (flag) =>
          actions.shelve(flag, { id: ids.get(flag.id) ?? actions.newId(), minutes, reason: reason.trim() }),
        )
      }
      failure={failure && `${t('shelve.failed')}. ${failure}`}
      note={isReasoned ? t('shelve.hint') : t('shelve.reasonShort')}
      initialFocus={input}
    >
      <FieldGroup label={t('shelve.length')}>
        <Choices name="minutes" options={SHELF_MINUTES} chosen={minutes} onChoose={setMinutes} even>
          {(one) => formats.age(one * MINUTE_MS)}
        </Choices>
      </FieldGroup>
      <ReasonField
        label={t('shelve.reason')}
        hint={t('shelve.reasonStays')}
        input={input}
        value={reason}
        placeholder={t('shelve.reasonPlaceholder')}
        onChange={setReason}
      />
    </FormDialog>
  );
}
