import { MonitorUp, Plus } from 'lucide-react';
import { useState } from 'react';
import type { DisplayView } from '#contract/displays.ts';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { DisplayCard } from './DisplayCard.tsx';
import styles from './DisplaysPage.module.css';
import { EnrolDialog } from './EnrolDialog.tsx';
import own from './kept/Kept.module.css';
import { PlacingDialog } from './PlacingDialog.tsx';
import { PushDialog } from './PushDialog.tsx';
import { RevokeDialog } from './RevokeDialog.tsx';
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
