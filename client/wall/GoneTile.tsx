import { MapPinOff } from 'lucide-react';
import type { AreaId } from '#contract/ids.ts';
import { useTexts } from '../desk/desk-context.ts';
import styles from './Tile.module.css';
import message from './TileMessage.module.css';

interface GoneTileProps {
  areaId: AreaId;
  slot: number;
  gridArea?: string | undefined;
}

/** The place of an area that the registry does not have any more: never a hole without a word. */
export function GoneTile({ areaId, slot, gridArea }: GoneTileProps) {
  const { t } = useTexts();
  return (
    <article
      className={styles.tile}
      data-theme="dark"
      data-area-id={areaId}
      data-state="idle"
      data-gone
      data-slot={slot}
      style={{ gridArea }}
    >
      <div className={styles.over}>
        <div className={message.message}>
          <MapPinOff className={message.icon} strokeWidth={1.5} aria-hidden="true" />
          <p className={message.title}>{t('tile.gone')}</p>
          <p className={message.hint}>{t('tile.goneHint')}</p>
        </div>
      </div>
    </article>
  );
}
