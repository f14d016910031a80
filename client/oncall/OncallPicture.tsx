import { Building2, MapPinOff } from 'lucide-react';
import type { Flag } from '#contract/flags.ts';
import { Notice } from '../design/Notice.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { useOpening } from '../purposes/use-opening.ts';
import { mayDo } from '../session/session.ts';
import { Tile } from '../wall/Tile.tsx';
import type { TileData } from '../wall/tile-data.ts';
import { useTile } from '../wall/use-tile.ts';
import styles from './OncallPicture.module.css';

/** As wide as nothing: the tile asks for the smallest layer, however large it is drawn. A phone pays for what it gets. */
const SMALLEST = 0;

/** The one picture of the page: the tile of the wall, with all that it says, in the layer that a thin network carries. */
export function OncallPicture({ flag }: { flag: Flag }) {
  const { t } = useTexts();
  const { who } = useDesk();
  const isLoaded = useLive((state) => state.registry !== undefined);
  if (flag.areaId === undefined)
    return (
      <div className={styles.none}>
        <Notice icon={Building2} title={t('oncall.wholeFacility')} hint={t('oncall.wholeFacilityHint')} />
      </div>
    );
  if (!mayDo(who, 'feed.watch') || !isLoaded) return <div className={styles.none} />;
  return <Area key={flag.areaId} areaId={flag.areaId} />;
}

function Area({ areaId }: { areaId: string }) {
  const { t } = useTexts();
  const data = useTile(areaId);
  if (!data)
    return (
      <div className={styles.none} data-area-gone>
        <Notice icon={MapPinOff} title={t('oncall.areaGone')} hint={t('oncall.areaGoneHint')} />
      </div>
    );
  return <Opened data={data} />;
}

/** The area is opened because of its flag, and its viewing says so. */
function Opened({ data }: { data: TileData }) {
  useOpening(data);
  return (
    <div className={styles.picture}>
      <Tile
        areaId={data.area.id}
        slot={0}
        pictureWidth={SMALLEST}
        shown
        tabbable={false}
        marked={false}
        rank="focused"
        onOpen={undefined}
        onRaise={undefined}
      />
    </div>
  );
}
