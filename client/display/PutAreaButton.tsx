import { MonitorUp } from 'lucide-react';
import { useState } from 'react';
import type { AreaId } from '#contract/ids.ts';
import { Button } from '../design/Button.tsx';
import { Modal } from '../design/Modal.tsx';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import { PushDialog } from './PushDialog.tsx';
import { useDisplays } from './use-displays.ts';

/** Puts one area on displays, as large as they are; D opens it as well. Nothing for those who may not. */
export function PutAreaButton({ areaId }: { areaId: AreaId }) {
  const { t } = useTexts();
  const { who } = useDesk();
  const [open, setOpen] = useState(false);
  const may = mayDo(who, 'display.push');

  useShortcuts('focus', may, { putOnDisplay: () => setOpen(true) });
  if (!may) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)} title={t('displays.putKeys')}>
        <MonitorUp size="1rem" aria-hidden="true" />
        {t('displays.putArea')}
      </Button>
      {open ? <PutAreaDialog areaId={areaId} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

/** Nobody has said which display: it is not for the page to choose what is covered. */
const NONE_CHOSEN: readonly string[] = [];

function PutAreaDialog({ areaId, onClose }: { areaId: AreaId; onClose(): void }) {
  const { t } = useTexts();
  const { displays, scenes, failure, refresh } = useDisplays();
  if (displays && displays.length > 0)
    return (
      <PushDialog
        displays={displays}
        scenes={scenes}
        chosen={NONE_CHOSEN}
        areaId={areaId}
        onScenes={refresh}
        onClose={onClose}
      />
    );
  const said = displays
    ? t('displays.none')
    : failure
      ? t('displays.failed', { reason: t(`errors.${failure}`) })
      : t('displays.loading');
  return (
    <Modal open onClose={onClose} title={t('displays.putArea')} closeLabel={t('displays.close')}>
      <Notice title={said} role={failure && !displays ? 'alert' : 'status'} />
    </Modal>
  );
}
