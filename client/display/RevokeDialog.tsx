import type { DisplayView } from '#contract/displays.ts';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { DisplayDialog } from './DisplayDialog.tsx';
import styles from './DisplaysPage.module.css';

/** Ends a display for good. It closes when the server says that it is done: until then the display may go on showing. */
export function RevokeDialog({ display, onClose }: { display: DisplayView; onClose(): void }) {
  const { t } = useTexts();
  const { api } = useDesk();
  const revoke = async (form: FormData) => {
    const outcome = await api.call(`/api/v1/displays/${display.id}/revocation`, {
      body: { reason: String(form.get('reason') ?? '') },
      reply: undefined,
    });
    return outcome.ok ? undefined : t('displays.revokeFailed', { reason: t(`errors.${outcome.code}`) });
  };
  return (
    <DisplayDialog
      title={t('displays.revokeTitle', { name: display.name })}
      subtitle={t('displays.revokeHint')}
      action={t('displays.revoke')}
      onSubmit={revoke}
      onClose={onClose}
    >
      <label className={styles.field}>
        {t('displays.revokeReason')}
        <input className={styles.input} name="reason" maxLength={200} />
      </label>
    </DisplayDialog>
  );
}
