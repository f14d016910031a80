import { useEffect, useState } from 'react';
import { FacilityPage } from '#contract/areas.ts';
import type { Facility } from '#contract/nation.ts';
import { useDesk } from '../desk/desk-context.ts';

/** Pages that are read at most; a country has fewer facilities. */
const MAX_PAGES = 50;

/** The facilities that one may know of; who sees no custody has no live registry. */
export function useFacilities(): readonly Facility[] {
  const { api } = useDesk();
  const [facilities, setFacilities] = useState<readonly Facility[]>([]);
  useEffect(() => {
    const end = new AbortController();
    const read = async () => {
      const found: Facility[] = [];
      let cursor: string | null = '';
      for (let page = 0; page < MAX_PAGES && cursor !== null; page += 1) {
        const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const answer = await api.call(`/api/v1/facilities?limit=500${query}`, {
          reply: FacilityPage,
          signal: end.signal,
        });
        if (!answer.ok) return;
        found.push(...answer.value.items);
        cursor = answer.value.nextCursor;
      }
      if (!end.signal.aborted) setFacilities(found);
    };
    void read();
    return () => end.abort();
  }, [api]);
  return facilities;
}
