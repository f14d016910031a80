import { MonitorUp, Plus } from 'lucide-react';
import { useState } from 'react';
import type { DisplayView } from '#contract/displays.ts';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { DisplayCard } from './DisplayCard.tsx';
import styles from './DisplaysPage.module.css';
import { EnrolDialog } from './EnrolDialog.tsx';
import own from './kept/Kept.module.css';
import { PlacingDialog } from './PlacingDialog.tsx';
import { PushDialog } from './PushDialog.tsx';
import { useDisplays } from './use-displays.ts';

type Open =
  | { kind: 'enrol' }
  | { kind: 'push'; ids: readonly string[] }
  | { kind: 'placing' | 'revoke'; display: DisplayView };

/** The displays of one's scope: how they do, what is on them, and putting something else there. */
export function DisplaysView() {
  const { t } = useTexts();
  const { who } = useDesk();
  const state = useDisplays();
  const [open, setOpen] = useState<Open>();
  const { displays, scenes, failure, refresh, tour } = state;
  const close = () => {
    setOpen(undefined);
    refresh();
  };
  return (
    <>
      <div className={own.bar}>
        {mayDo(who, 'display.push') && displays && displays.length > 0 ? (
          <Button onClick={() => setOpen({ kind: 'push', ids: displays.map(({ id }) => id) })}>
            <MonitorUp size="1rem" aria-hidden="true" /> {t('displays.pushTo')}
          </Button>
        ) : null}
        {mayDo(who, 'display.manage') ? (
          <Button look="primary" onClick={() => setOpen({ kind: 'enrol' })}>
            <Plus size="1rem" aria-hidden="true" /> {t('displays.add')}
          </Button>
        ) : null}
      </div>
      {failure ? (
        <p className={styles.failure} role="alert">
          {failure === 'conflict'
            ? t('displays.changed')
            : t('displays.failed', { reason: t(`errors.${failure}`) })}
        </p>
      ) : null}
      {displays === undefined ? failure ? null : <Notice title={t('displays.loading')} /> : null}
      {displays?.length === 0 ? (
        <Notice icon={MonitorUp} title={t('displays.none')} hint={t('displays.noneHint')} />
      ) : null}
      <ul className={styles.list}>
        {displays?.map((display) => (
          <DisplayCard
            key={display.id}
            display={display}
            tour={tour}
            onPush={({ id }) => setOpen({ kind: 'push', ids: [id] })}
            onPlacing={(one) => setOpen({ kind: 'placing', display: one })}
            onRevoke={(one) => setOpen({ kind: 'revoke', display: one })}
          />
        ))}
      </ul>
      {open?.kind === 'enrol' ? <EnrolDialog onClose={close} /> : null}
      {open?.kind === 'push' && displays ? (
        <PushDialog
          displays={displays}
          scenes={scenes}
          chosen={open.ids}
          onScenes={refresh}
          onClose={close}
        />
      ) : null}
      {open?.kind === 'revoke' ? <RevokeDialog display={open.display} onClose={close} /> : null}
      {open?.kind === 'placing' ? <PlacingDialog display={open.display} onClose={close} /> : null}
    </>
  );
}

function RevokeDialog({ display, onClose }: { display: DisplayView; onClose(): void }) {
  const { t } = useTexts();
  const { api } = useDesk();
  const [reason, setReason] = useState('');
  const [pending, setPending] = useState(false);
  const revoke = async () => {
    setPending(true);
    await api.call(`/api/v1/displays/${display.id}/revocation`, { body: { reason }, reply: undefined });
    onClose();
  };
  return (
    <Modal
      open
      onClose={onClose}
      title={t('displays.revokeTitle', { name: display.name })}
      subtitle={t('displays.revokeHint')}
      closeLabel={t('displays.close')}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void revoke();
        }}
      >
        <label className={styles.field}>
          {t('displays.revokeReason')}
          <input
            className={styles.input}
            value={reason}
            maxLength={200}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <div className={styles.actions}>
          <Button type="submit" look="primary" disabled={pending}>
            {t('displays.revoke')}
          </Button>
          <Button onClick={onClose}>{t('displays.cancel')}</Button>
        </div>
      </form>
    </Modal>
  );
}
