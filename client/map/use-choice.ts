import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { PlaceId } from '#contract/area-filter.ts';
import type { FacilityId, RegionId } from '#contract/ids.ts';
import { useDesk, useLive } from '../desk/desk-context.ts';
import { type Choice, countAreas, inShort, toggledFacility, toggledRegion } from './choice.ts';

const NONE: Choice = new Set();

/** What somebody is picking for the wall. */
export interface Choosing {
  isOn: boolean;
  choice: Choice;
  /** Areas in it that match the filter, and the places that a link would name. */
  areas: number;
  places: readonly PlaceId[];
  toggle(): void;
  clear(): void;
  add(places: readonly PlaceId[]): void;
  toggleRegion(regionId: RegionId): void;
  toggleFacility(facilityId: FacilityId): void;
}

export function useChoice(): Choosing {
  const { facts, live, selection } = useDesk();
  const [isOn, setOn] = useState(false);
  const [choice, setChoice] = useState(NONE);
  const registry = useLive((state) => state.registry);
  const passes = useStore(selection.store, (state) => state.passes);
  const { areas, places } = useMemo(() => {
    const country = registry && choice.size > 0 ? facts.read(live.getState())?.country : undefined;
    return country
      ? { areas: countAreas(choice, country, passes), places: inShort(choice, country) }
      : { areas: 0, places: [] };
  }, [facts, live, registry, choice, passes]);
  const facilities = registry?.facilities ?? [];
  return {
    isOn,
    choice: isOn ? choice : NONE,
    areas,
    places,
    toggle() {
      setOn(!isOn);
      setChoice(NONE);
    },
    clear: () => setChoice(NONE),
    add: (more) => setChoice((before) => new Set([...before, ...more])),
    toggleRegion: (id) => setChoice((before) => toggledRegion(before, id, facilities)),
    toggleFacility(id) {
      const facility = registry?.facilityById[id];
      if (facility) setChoice((before) => toggledFacility(before, facility, facilities));
    },
  };
}
