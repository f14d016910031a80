import type { Scope } from '#contract/session.ts';
import type { Texts } from '../desk/desk-context.ts';
import type { Registry } from '../store/registry.ts';

interface Known extends Pick<Texts, 't' | 'language'> {
  registry: Registry | undefined;
}

/** Where somebody may act, by the names of places; one that the registry does not know is told by its code. */
export function scopeWords(scope: Scope, { t, language, registry }: Known): string {
  switch (scope.kind) {
    case 'regions':
      return scope.regionIds.map((id) => registry?.regionById[id]?.name[language] ?? id).join(', ');
    case 'facilities':
      return scope.facilityIds.map((id) => registry?.facilityById[id]?.shortName[language] ?? id).join(', ');
    case 'nation':
      return t('admin.scopes.nation');
  }
}
