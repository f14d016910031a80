import type { Texts } from '../desk/desk-context.ts';
import type { Registry } from '../store/registry.ts';

interface Known extends Pick<Texts, 't' | 'language'> {
  registry: Registry | undefined;
}

/**
 * What an entry is about, in words: `area:ua-68-itt-2-cell-4` by the names of the registry, `viewings:any` as viewings of
 * everything. What has no words yet is told as it is written.
 */
export function resourceName(resource: string, known: Known): string {
  const { t } = known;
  const [kind = '', ...rest] = resource.split(':');
  const of = rest.join(':');
  if (of === '') return t(`audit.resources.${kind}`, { defaultValue: resource });
  return t(`audit.resourcesOf.${kind}`, { of: nameOf(kind, of, known), defaultValue: resource });
}

function nameOf(kind: string, id: string, { t, language, registry }: Known): string {
  switch (kind) {
    case 'viewings':
      return id === 'any' ? t('audit.everything') : resourceName(id, { t, language, registry });
    case 'chain':
      return id === 'nation'
        ? t('audit.nation').toLocaleLowerCase(language)
        : (registry?.regionById[id]?.name[language] ?? id);
    case 'audit':
      return id === 'checkpoints' ? t('audit.checkpoints').toLocaleLowerCase(language) : id;
    case 'region':
      return registry?.regionById[id]?.name[language] ?? id;
    case 'facility':
      return registry?.facilityById[id]?.shortName[language] ?? id;
    case 'area': {
      const area = registry?.areaById[id];
      const facility = area && registry?.facilityById[area.facilityId]?.shortName[language];
      return area ? [area.name[language], facility].filter(Boolean).join(' · ') : id;
    }
    default:
      return id;
  }
}
