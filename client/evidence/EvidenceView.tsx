import { EvidencePage } from '#contract/evidence.ts';
import { PagedList } from '../audit/PagedList.tsx';
import { PlaceName } from '../audit/PlaceName.tsx';
import { usePages } from '../audit/use-pages.ts';
import { useTexts } from '../desk/desk-context.ts';
import styles from './Evidence.module.css';
import { EvidenceItem } from './EvidenceItem.tsx';

/** Every still and clip that there is or was, also of flags that are closed; for outside control. */
export function EvidenceView() {
  const { t } = useTexts();
  const pages = usePages('/api/v1/evidence?limit=50', EvidencePage);
  return (
    <PagedList
      pages={pages}
      label={t('evidence.title')}
      empty={t('evidence.noneAtAll')}
      keyOf={({ id }) => id}
    >
      {(evidence) => (
        <div className={styles.placed}>
          <PlaceName facilityId={evidence.facilityId} areaId={evidence.areaId} />
          <EvidenceItem evidence={evidence} />
        </div>
      )}
    </PagedList>
  );
}
