import type { AreaId, FacilityId } from '#contract/ids.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import styles from './AuditPage.module.css';

interface PlaceFieldsProps {
  facility: FacilityId | '';
  /** Undefined: the area is not asked for. */
  area: AreaId | '' | undefined;
  onChange(change: { facility: FacilityId | ''; area: AreaId | '' }): void;
  required?: boolean;
}

/** A facility, and one of its areas. */
export function PlaceFields({ facility, area, onChange, required = false }: PlaceFieldsProps) {
  const { t, language } = useTexts();
  const registry = useLive((state) => state.registry);
  const areas = facility === '' ? [] : (registry?.areasByFacility[facility] ?? []);
  return (
    <>
      <label className={styles.field}>
        {t('audit.facility')}
        <select
          className={styles.input}
          value={facility}
          required={required}
          onChange={(event) => onChange({ facility: event.target.value, area: '' })}
        >
          <option value="">{required ? '' : t('audit.any')}</option>
          {(registry?.regions ?? []).map((region) => (
            <optgroup key={region.id} label={region.name[language]}>
              {(registry?.facilities ?? [])
                .filter(({ regionId }) => regionId === region.id)
                .map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.shortName[language]}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      {area === undefined ? null : (
        <label className={styles.field}>
          {t('audit.area')}
          <select
            className={styles.input}
            value={area}
            required={required}
            disabled={facility === ''}
            onChange={(event) => onChange({ facility, area: event.target.value })}
          >
            <option value="">{required ? '' : t('audit.any')}</option>
            {areas.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name[language]}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
