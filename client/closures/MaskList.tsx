import { type MaskedArea, MaskPage } from '#contract/closures.ts';
import type { RegionId } from '#contract/ids.ts';
import { PagedList } from '../audit/PagedList.tsx';
import { PlaceName } from '../audit/PlaceName.tsx';
import { usePages } from '../audit/use-pages.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import styles from './ClosuresPage.module.css';

/** Areas that a page of the list names. */
const PAGE = 50;

/** Where a part of the picture is covered, and by whom; in one region, or in all. */
export function MaskList({ region }: { region: RegionId | undefined }) {
  const { t } = useTexts();
  const within = region === undefined ? '' : `&region=${region}`;
  const pages = usePages(`/api/v1/masks?limit=${PAGE}${within}`, MaskPage);
  return (
    <div className={styles.masks}>
      <PagedList
        pages={pages}
        label={t('closures.masks.title')}
        empty={t('closures.masks.none')}
        keyOf={({ areaId }) => areaId}
      >
        {(area) => <Row area={area} />}
      </PagedList>
    </div>
  );
}

function Row({ area: { areaId, facilityId, regionId, feeds, byNodes } }: { area: MaskedArea }) {
  const { t, language } = useTexts();
  const region = useLive((state) => state.registry?.regionById[regionId]);
  return (
    <div className={styles.mask} data-masked={areaId}>
      <PlaceName facilityId={facilityId} areaId={areaId} />
      <span className={styles.quiet}>{region?.name[language] ?? regionId}</span>
      <span>
        {byNodes === 0
          ? t('closures.masks.equipment')
          : byNodes === feeds
            ? t('closures.masks.nodes')
            : t('closures.masks.both', { own: byNodes, all: feeds })}
      </span>
    </div>
  );
}
