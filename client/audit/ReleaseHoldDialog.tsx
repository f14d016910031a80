import { useState } from 'react';
import { Hold } from '#contract/holds.ts';
import { useConfirmed } from '../account/use-confirmed.tsx';
import { Field } from '../design/Field.tsx';
import { FormDialog } from '../design/FormDialog.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { useSending } from '../desk/use-sending.ts';

interface ReleaseHoldDialogProps {
  /** The dialog is open while there is one. */
  hold: Hold | undefined;
  onClose(): void;
  onReleased(): void;
}

/** Ends a hold of the own office, with a reason. */
export function ReleaseHoldDialog({ hold, onClose, onReleased }: ReleaseHoldDialogProps) {
  const { t } = useTexts();
  const { api } = useDesk();
  const { run, dialog } = useConfirmed();
  const { pending, failure, send } = useSending();
  const [reason, setReason] = useState('');

  const release = ({ id }: Hold) => {
    const body = { reason: reason.trim() };
    return send(
      () => run(() => api.call(`/api/v1/holds/${id}/release`, { body, reply: Hold })),
      () => {
        setReason('');
        onReleased();
        onClose();
      },
    );
  };

  return (
    <FormDialog
      open={hold !== undefined}
      onClose={onClose}
      title={t('audit.hold.releaseTitle')}
      subtitle={t('audit.hold.releaseHint')}
      cancel={t('audit.close')}
      submit={t('audit.hold.release')}
      disabled={pending}
      onSubmit={() => hold && void release(hold)}
      failure={failure && t(`errors.${failure}`)}
      beside={dialog}
    >
      <Field label={t('audit.hold.reason')}>
        <textarea
          rows={3}
          required
          minLength={3}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}
