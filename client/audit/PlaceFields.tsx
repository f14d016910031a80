import type { AreaId, FacilityId } from '#contract/ids.ts';
import { Field } from '../design/Field.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { byName } from '../i18n/by-name.ts';

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
      <Field label={t('audit.facility')}>
        <select
          value={facility}
          required={required}
          onChange={(event) => onChange({ facility: event.target.value, area: '' })}
        >
          <option value="">{required ? '' : t('audit.any')}</option>
          {(registry?.regions ?? []).toSorted(byName(language)).map((region) => (
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
      </Field>
      {area === undefined ? null : (
        <Field label={t('audit.area')}>
          <select
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
        </Field>
      )}
    </>
  );
}
