import { AreaFilter, NO_FILTER } from './area-filter.ts';

/** A filter as URL parameters; defaults are left out, lists repeat their key. */
export function filterToQuery(filter: AreaFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) {
    if (Array.isArray(value)) for (const one of value) query.append(key, one);
    else if (value !== null && value !== '') query.append(key, String(value));
  }
  return query;
}

const LIST_KEYS = [
  'region',
  'place',
  'facilityKind',
  'kind',
  'occupancy',
  'finding',
  'vulnerability',
  'feedState',
  'feedSource',
  'status',
  'normSet',
] as const;

/** URL parameters as the object that `AreaFilter` parses; keys that are not the filter's are left to the caller. */
export function queryToFilterInput(query: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const key of LIST_KEYS) {
    const values = query
      .getAll(key)
      .flatMap((value) => value.split(','))
      .filter(Boolean);
    if (values.length > 0) input[key] = values;
  }
  for (const key of ['clock', 'flag', 'space', 'text']) {
    const value = query.get(key);
    if (value !== null && value !== '') input[key] = value;
  }
  return input;
}

/** The filter that a page's URL asks for. A URL that asks for something unknown asks for nothing (old deep links still open). */
export function filterFromUrl(query: URLSearchParams): AreaFilter {
  const parsed = AreaFilter.safeParse(queryToFilterInput(query));
  return parsed.success ? parsed.data : NO_FILTER;
}
