import type { Scope } from '#contract/session.ts';
import { useLive, useTexts } from '../desk/desk-context.ts';
import { groupOf } from './parts.ts';

/** Says what a handover is of. */
export function useScopeText(): (scope: Scope) => string {
  const { t, language } = useTexts();
  const registry = useLive((state) => state.registry);
  return (scope) => {
    switch (scope.kind) {
      case 'nation':
        return t('handover.whole');
      case 'regions':
        return (
          groupOf(scope)?.name[language] ??
          scope.regionIds.map((id) => registry?.regionById[id]?.name[language] ?? id).join(', ')
        );
      case 'facilities':
        return scope.facilityIds
          .map((id) => registry?.facilityById[id]?.shortName[language] ?? id)
          .join(', ');
    }
  };
}
