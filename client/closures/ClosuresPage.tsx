import { useState } from 'react';
import type { RegionId } from '#contract/ids.ts';
import { Field } from '../design/Field.tsx';
import { FormPage, FormSection } from '../design/Page.tsx';
import { useDesk, useLive, useTexts } from '../desk/desk-context.ts';
import { mayDo } from '../session/session.ts';
import { MaskList } from './MaskList.tsx';
import { StandingClosures } from './StandingClosures.tsx';

/**
 * For those who answer for it, in one place: what is shown though it is covered, what nobody may watch now, and where
 * pictures are covered. In words alone: whoever may know of a mask need not be one of those who may see what is behind it.
 */
export function ClosuresPage() {
  const { t, language } = useTexts();
  const { who } = useDesk();
  const regions = useLive((state) => state.registry?.regions);
  const [region, setRegion] = useState<RegionId>();
  return (
    <FormPage title={t('closures.title')} lead={t('closures.lead')} wide>
      {regions && regions.length > 1 ? (
        <Field label={t('closures.region')}>
          <select
            value={region ?? ''}
            onChange={(event) => setRegion(event.target.value === '' ? undefined : event.target.value)}
          >
            <option value="">{t('closures.everywhere')}</option>
            {regions.map(({ id, name }) => (
              <option key={id} value={id}>
                {name[language]}
              </option>
            ))}
          </select>
        </Field>
      ) : null}
      {mayDo(who, 'closure.read') ? <StandingClosures region={region} /> : null}
      <FormSection title={t('closures.masks.title')} hint={t('closures.masks.hint')}>
        <MaskList region={region} />
      </FormSection>
    </FormPage>
  );
}
