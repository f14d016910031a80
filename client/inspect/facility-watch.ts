import { createStore, type StoreApi } from 'zustand/vanilla';
import { CasePage, MAX_CASES_PER_PAGE } from '#contract/cases.ts';
import type { FacilityId } from '#contract/ids.ts';
import type { Api } from '../session/api.ts';
import type { LiveState, LiveStore } from '../store/live-store.ts';
import { liveOf } from '../store/region-sync.ts';
import { FacilityFacts, type PersonFacts, roomsOf, toPersonFacts } from './facility-facts.ts';
import type { Outbox } from './outbox.ts';

export interface FacilityWatchState {
  /** Undefined while nothing is known, from the server or from before. */
  facts: FacilityFacts | undefined;
  /** Whether the facts come in from the server now. */
  isLive: boolean;
  /** Whether this device was asked what it remembers. */
  isRecalled: boolean;
}

/** Follows one facility: live while there is a network, as last known while there is none. */
export interface FacilityWatch extends Disposable {
  readonly store: StoreApi<FacilityWatchState>;
}

interface Ports {
  facilityId: FacilityId;
  live: LiveStore;
  api: Api;
  outbox: Pick<Outbox, 'remember' | 'recall'>;
  /** Server clock. */
  nowMs(): number;
  /** How long news are gathered before people are asked for again. @default a second */
  calmMs?: number;
}

/** More people than that are held in no facility; the list is read page by page up to it. */
const MAX_PAGES = 5;

export function createFacilityWatch(ports: Ports): FacilityWatch {
  const { facilityId, live, api, outbox, nowMs, calmMs = 1_000 } = ports;
  const key = `facts/${facilityId}`;
  const store = createStore<FacilityWatchState>(() => ({
    facts: undefined,
    isLive: false,
    isRecalled: false,
  }));
  const end = new AbortController();
  let seen = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  function keep(facts: FacilityFacts): void {
    store.setState({ facts });
    // Until it is known who was remembered, rooms alone would take their place: a network that goes right then leaves nobody.
    if (!store.getState().isRecalled) return;
    // Without storage the page works as long as it is open; that it keeps nothing is said elsewhere.
    void outbox.remember(key, facts).catch(() => {});
  }

  function handle(state: LiveState): void {
    const regionId = state.registry?.facilityById[facilityId]?.regionId;
    const isKnown = regionId !== undefined && liveOf(state.regions[regionId]) !== undefined;
    const isLive = isKnown && state.link.state === 'open';
    const wasLive = store.getState().isLive;
    if (isLive !== wasLive) store.setState({ isLive });
    const rooms = isKnown ? roomsOf(state, facilityId) : undefined;
    if (!rooms) return;
    const text = JSON.stringify(rooms);
    if (text !== seen) {
      seen = text;
      keep({ ...rooms, people: store.getState().facts?.people ?? [], atMs: nowMs() });
    } else if (!isLive || wasLive) return;
    timer ??= setTimeout(() => void refreshPeople(), calmMs);
  }

  async function refreshPeople(): Promise<void> {
    timer = undefined;
    const people: PersonFacts[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const query = new URLSearchParams({ facility: facilityId, limit: String(MAX_CASES_PER_PAGE) });
      if (cursor !== null) query.set('cursor', cursor);
      const answer = await api.call(`/api/v1/cases?${query}`, { reply: CasePage, signal: end.signal });
      if (end.signal.aborted || !answer.ok) return;
      people.push(...answer.value.items.map(toPersonFacts));
      cursor = answer.value.nextCursor;
      if (cursor === null) break;
    }
    const { facts } = store.getState();
    if (facts) keep({ ...facts, people });
  }

  const stop = live.subscribe(handle);
  handle(live.getState());
  void outbox
    .recall(key, FacilityFacts)
    .catch(() => undefined)
    .then((facts) => {
      if (end.signal.aborted) return;
      const known = store.getState().facts;
      // What came from the server meanwhile is newer; people are asked for a little later than rooms.
      const merged = known && facts && known.people.length === 0 ? { ...known, people: facts.people } : known;
      store.setState({ facts: merged ?? facts, isRecalled: true });
      if (merged) keep(merged);
    });

  return {
    store,
    [Symbol.dispose]() {
      end.abort();
      clearTimeout(timer);
      stop();
    },
  };
}
