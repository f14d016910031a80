import { Eye } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import type { TileData } from '../wall/tile-data.ts';
import { MaskDialog } from './MaskDialog.tsx';
import { isUnmasked } from './mask-words.ts';

/** Has what is covered of an area shown, or says that it is; only where nodes cover something, and for those who may. */
export function MaskButton({ data }: { data: Pick<TileData, 'area' | 'facility' | 'status'> }) {
  const { t } = useTexts();
  const { who, serverClock } = useDesk();
  const [open, setOpen] = useState(false);
  const isCovered = data.area.privacy === 'masked' && data.area.feeds.some(({ masks }) => masks);
  if (!isCovered || !mayDo(who, 'mask.lift')) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Eye size="1rem" aria-hidden="true" />
        {t(isUnmasked(data.status, serverClock.nowMs()) ? 'gate.mask.standing' : 'gate.mask.lift')}
      </Button>
      {open ? <MaskDialog data={data} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
