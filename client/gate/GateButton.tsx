import { EyeClosed } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { useShortcuts } from '../shell/use-shortcuts.ts';
import type { TileData } from '../wall/tile-data.ts';
import { GateDialog } from './GateDialog.tsx';

/** Closes the area to everybody, or says that it is closed; G opens it as well. Nothing for those who may not. */
export function GateButton({ data }: { data: Pick<TileData, 'area' | 'facility' | 'status'> }) {
  const { t } = useTexts();
  const { who } = useDesk();
  const [open, setOpen] = useState(false);
  const may = mayDo(who, 'gate.set');

  useShortcuts('focus', may, { gate: () => setOpen(true) });
  if (!may) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)} title={t('gate.keys')}>
        <EyeClosed size="1rem" aria-hidden="true" />
        {data.status?.gate ? t('gate.standing') : t('gate.close')}
      </Button>
      {open ? <GateDialog data={data} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
