import type { AreaId, FacilityId } from '#contract/ids.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import styles from './AuditPage.module.css';

/** A facility by its name, with one of its areas. */
export function PlaceName({ facilityId, areaId }: { facilityId: FacilityId; areaId?: AreaId }) {
  const { language } = useTexts();
  const facility = useLive((state) => state.registry?.facilityById[facilityId]);
  const area = useLive((state) => (areaId === undefined ? undefined : state.registry?.areaById[areaId]));
  return (
    <span>
      {areaId === undefined ? null : `${area?.name[language] ?? areaId} · `}
      <span className={styles.quiet}>{facility?.shortName[language] ?? facilityId}</span>
    </span>
  );
}
