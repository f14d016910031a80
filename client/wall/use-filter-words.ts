import type { AreaFilter } from '#contract/area-filter.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { conditionName } from './condition-name.ts';
import { conditionsOf } from './conditions.ts';

/** Everything that a filter asks for, in words; empty for one that asks for nothing. */
export function useFilterWords(filter: AreaFilter): string {
  const { t, language } = useTexts();
  const registry = useLive((state) => state.registry);
  const asked = conditionsOf(filter).map((condition) => conditionName(condition, { t, language, registry }));
  if (filter.text !== '') asked.push(t('filter.textWords', { text: filter.text }));
  return asked.join(' · ');
}
