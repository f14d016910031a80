import { useState } from 'react';
import type { DisplayView } from '#contract/displays.ts';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import styles from './DisplaysPage.module.css';
import { PlacingFields, placingOf } from './PlacingFields.tsx';

/** Changes where a display stands, how it is read, and whether alarms come to it. */
export function PlacingDialog({ display, onClose }: { display: DisplayView; onClose(): void }) {
  const { t } = useTexts();
  const { api } = useDesk();
  const [failure, setFailure] = useState<string>();
  const [pending, setPending] = useState(false);
  const save = async (form: FormData) => {
    setPending(true);
    const outcome = await api.call(`/api/v1/displays/${display.id}/placing`, {
      body: placingOf(form),
      reply: undefined,
    });
    setPending(false);
    if (outcome.ok) onClose();
    else setFailure(t('displays.failed', { reason: t(`errors.${outcome.code}`) }));
  };
  return (
    <Modal
      open
      onClose={onClose}
      title={t('displays.placing', { name: display.name })}
      closeLabel={t('displays.close')}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save(new FormData(event.currentTarget));
        }}
      >
        <PlacingFields placing={display} />
        {failure ? (
          <p className={styles.failure} role="alert">
            {failure}
          </p>
        ) : null}
        <div className={styles.actions}>
          <Button type="submit" look="primary" disabled={pending}>
            {t('displays.savePlacing')}
          </Button>
          <Button onClick={onClose}>{t('displays.cancel')}</Button>
        </div>
      </form>
    </Modal>
  );
}
