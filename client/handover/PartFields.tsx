import type { RegionId } from '#contract/ids.ts';
import { REGION_GROUPS } from '../../config/region-groups.ts';
import { Choice, Choices, FieldGroup, Line } from '../design/Field.tsx';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { byName } from '../i18n/by-name.ts';
import { type Part, regionsOf } from './parts.ts';

interface PartFieldsProps {
  part: Part;
  /** Regions that can be handed over. */
  free: readonly RegionId[];
  /** The whole can be: nothing of it is being handed over. */
  whole: boolean;
  regionIds: readonly RegionId[];
  onChange(part: Part, regionIds: readonly RegionId[]): void;
}

/** Which part is handed over: all of it, a usual group of regions, or any regions. */
export function PartFields({ part, free, whole, regionIds, onChange }: PartFieldsProps) {
  const { t, language } = useTexts();
  const regions = useLive((state) => state.registry?.regions);
  const groups = REGION_GROUPS.filter(({ id }) => regionsOf(id, free).length > 0);
  const options: Part[] = [...(whole ? ['whole' as const] : []), ...groups.map(({ id }) => id), 'chosen'];
  const toggle = (id: RegionId) =>
    onChange('chosen', regionIds.includes(id) ? regionIds.filter((one) => one !== id) : [...regionIds, id]);
  return (
    <>
      <FieldGroup label={t('handover.part')}>
        <Choices
          name="handover-part"
          options={options}
          chosen={part}
          onChoose={(one) => onChange(one, one === 'chosen' ? regionIds : regionsOf(one, free))}
        >
          {(one) =>
            REGION_GROUPS.find(({ id }) => id === one)?.name[language] ??
            t(one === 'whole' ? 'handover.whole' : 'handover.chosen')
          }
        </Choices>
      </FieldGroup>
      {part === 'whole' ? null : (
        <FieldGroup label={t('handover.regions', { count: regionIds.length })}>
          <Line>
            {regions
              ?.filter(({ id }) => free.includes(id))
              .toSorted(byName(language))
              .map(({ id, name }) => (
                <Choice key={id} type="checkbox" checked={regionIds.includes(id)} onChange={() => toggle(id)}>
                  {name[language]}
                </Choice>
              ))}
          </Line>
        </FieldGroup>
      )}
    </>
  );
}
