import type { RegionId } from '#contract/ids.ts';
import type { LiveSubscribed, RegionDelta } from '#contract/live.ts';
import { PACKED_FORMAT, type SnapshotColumns, SnapshotFromColumns } from '#contract/packed/snapshot.ts';
import type { Api } from '../session/api.ts';
import { type Failure, type FailureCode, failure, type Outcome } from '../session/failure.ts';
import { beforeAskingAgain } from './ask-again.ts';
import {
  isCurrent,
  type LiveState,
  type LiveStore,
  type RegionsStep,
  withAllMissed,
  withDeltas,
  withSnapshot,
} from './live-store.ts';
import { UNKNOWN_REGION } from './region-sync.ts';
import type { Registry } from './registry.ts';
import { loadRegistry, renewRegistry } from './registry-load.ts';

/** Deltas that came within this time are shown together: one rendering for a burst, unnoticeable for one event. */
const FLUSH_MS = 30;
/** Deltas kept between two flushes; beyond it the regions are asked for anew instead. */
const MAX_QUEUED = 5_000;

interface Ports {
  store: LiveStore;
  api: Pick<Api, 'call'>;
  /** `live:subscribe` for all regions that the caller may see. */
  subscribe(): Promise<Outcome<LiveSubscribed>>;
  /** Tells the clock what time the server says it is. */
  observeServerTime(instant: string): void;
  serverNowMs(): number;
  monotonicMs(): number;
  /** The client's build that this page is of. @default not known */
  ownBuild?: string | undefined;
}

export interface LiveSync extends Disposable {
  /**
   * Loads the registry; until it is there, nothing can be shown. What is live is asked for meanwhile. It is loaded anew when
   * the server says at a connect that it knows another one.
   */
  start(): void;
  handleOpen(): void;
  handleLost(code: FailureCode): void;
  handleDeltas(deltas: readonly RegionDelta[]): void;
  handleHeartbeat(instant: string): void;
  /** The server serves this build of the client. */
  handleBuild(name: string): void;
  /** Something came that this page cannot read. */
  handleUnreadable(): void;
  /** Milliseconds since what is shown was last known to be all there is; undefined before the first time. */
  dataAgeMs(): number | undefined;
}

/**
 * Keeps the store in step with the server: subscribes, takes a snapshot, applies deltas, and asks again for regions that
 * missed one. Deltas that come before the snapshot are buffered, so nothing falls between the two.
 */
export function createLiveSync(ports: Ports): LiveSync {
  const { store, api } = ports;
  const ended = new AbortController();
  let queue: RegionDelta[] = [];
  let flushTimer: ReturnType<typeof setTimeout> | undefined;
  /** Regions that a snapshot is due for; `all` after each connect. */
  let due: 'all' | Set<RegionId> = new Set();
  let resyncing = false;
  /** Grows with each connect, so that an answer to an earlier connection's question is not taken. */
  let connection = 0;
  let currentAtMs: number | undefined;
  const registryLoaded = Promise.withResolvers<Registry | undefined>();
  /** What the server said at the last connect that it knows. */
  let told: LiveSubscribed | undefined;
  /** The connection for which the registry is being loaded anew. */
  let renewing: number | undefined;
  /** A snapshot is there already: it and the registry are shown together. */
  let isRegistryAwaited = false;

  function noteHeard(): void {
    if (isCurrent(store.getState())) currentAtMs = ports.monotonicMs();
  }

  function apply({ regions, gaps }: RegionsStep): void {
    store.setState({ regions });
    if (gaps.length > 0) ask(gaps);
  }

  /** A message that could not be read is not made up for by an answer that can be: that stays until the next connect. */
  function noteAnswer(answer: Outcome<unknown>): void {
    const { unreadable } = store.getState();
    if (!answer.ok && answer.code === 'unreadable') store.setState({ unreadable: unreadable ?? 'answer' });
    else if (answer.ok && unreadable === 'answer') store.setState({ unreadable: undefined });
  }

  function flush(): void {
    flushTimer = undefined;
    const deltas = queue;
    queue = [];
    if (deltas.length > MAX_QUEUED) {
      store.setState({ regions: withAllMissed(store.getState().regions) });
      ask('all');
      return;
    }
    apply(withDeltas(store.getState().regions, deltas));
    noteHeard();
  }

  function ask(regions: 'all' | readonly RegionId[]): void {
    if (regions === 'all') due = 'all';
    else if (due !== 'all') for (const id of regions) due.add(id);
    if (!resyncing) void resync();
  }

  /** One question at a time, as long as something is due. */
  async function resync(): Promise<void> {
    resyncing = true;
    let attempt = 0;
    while (mayAsk()) {
      const asked = due === 'all' ? undefined : [...due];
      const asker = connection;
      due = new Set();
      const answer = await fetchSnapshot(asked, asker);
      noteAnswer(answer);
      if (asker !== connection) ask('all');
      else if (answer.ok) {
        attempt = 0;
        ports.observeServerTime(answer.value.at);
        const registry = await awaitRegistry();
        if (asker !== connection || ended.signal.aborted) {
          store.setState(registry);
          ask('all');
          continue;
        }
        const { regions, gaps } = withSnapshot(store.getState().regions, answer.value, asked);
        store.setState({ ...registry, regions });
        if (gaps.length > 0) ask(gaps);
        noteHeard();
        if (asked === undefined) void renew(asker);
      } else {
        ask(asked ?? 'all');
        await beforeAskingAgain(attempt++, ended.signal);
      }
    }
    resyncing = false;
  }

  /** The part of the state that is new with it; nothing, if it is shown already. */
  async function awaitRegistry(): Promise<Partial<LiveState>> {
    if (store.getState().registry) return {};
    isRegistryAwaited = true;
    const registry = await registryLoaded.promise;
    isRegistryAwaited = false;
    return registry ? { registry, registryFailure: undefined } : {};
  }

  function mayAsk(): boolean {
    const { link } = store.getState();
    return !ended.signal.aborted && link.state === 'open' && (due === 'all' || due.size > 0);
  }

  async function fetchSnapshot(
    asked: readonly RegionId[] | undefined,
    asker: number,
  ): Promise<Outcome<SnapshotColumns>> {
    if (asked === undefined) {
      const subscribed = await ports.subscribe();
      if (!subscribed.ok) return subscribed;
      if (asker !== connection) return failure('offline', 'the connection changed meanwhile');
      told = subscribed.value;
      // Their news is kept from now on, also while the registry is still under way.
      knowRegions(subscribed.value.regions.map(({ regionId }) => regionId));
    }
    const form = [
      ['form', 'packed'],
      ['format', String(PACKED_FORMAT)],
    ];
    const query = new URLSearchParams([...form, ...(asked ?? []).map((id) => ['region', id])]);
    return api.call(`/api/v1/live/snapshot?${query}`, { reply: SnapshotFromColumns, signal: ended.signal });
  }

  function knowRegions(ids: readonly RegionId[]): void {
    const { regions } = store.getState();
    const unknown = ids.filter((id) => !regions[id]);
    if (unknown.length > 0)
      store.setState({
        regions: { ...regions, ...Object.fromEntries(unknown.map((id) => [id, UNKNOWN_REGION])) },
      });
  }

  /**
   * The server knows other areas than this page: it was started anew with another registry. What is shown stays until the
   * new one is there.
   */
  async function renew(asker: number): Promise<void> {
    if (renewing === asker) return;
    renewing = asker;
    await renewRegistry({
      ...{ api, signal: ended.signal },
      isDone: () =>
        ended.signal.aborted || asker !== connection || store.getState().registry?.version === told?.registry,
      version: () => store.getState().registry?.version,
      onNew: replaceRegistry,
    });
    if (renewing === asker) renewing = undefined;
  }

  /** Regions that are no more are forgotten; those that are new are asked for. */
  function replaceRegistry(registry: Registry): void {
    const before = store.getState().regions;
    const ids = [
      ...registry.regions.map(({ id }) => id),
      ...(told?.regions ?? []).map((one) => one.regionId),
    ];
    store.setState({
      registry,
      regions: Object.fromEntries(ids.map((id) => [id, before[id] ?? UNKNOWN_REGION])),
    });
    const added = ids.filter((id) => !before[id]);
    if (added.length > 0) ask(added);
  }

  async function load(): Promise<void> {
    const onFailure = (answer: Failure) => {
      noteAnswer(answer);
      store.setState({ registryFailure: answer.code });
    };
    const registry = await loadRegistry({ api, signal: ended.signal, onFailure });
    if (!registry) return;
    knowRegions(registry.regions.map(({ id }) => id));
    // Everything is drawn once, if the snapshot waits already.
    if (!isRegistryAwaited) store.setState({ registry, registryFailure: undefined });
    registryLoaded.resolve(registry);
  }

  return {
    start() {
      void load();
    },
    handleOpen() {
      connection += 1;
      // Everything is asked for anew.
      store.setState({
        link: { state: 'open' },
        regions: withAllMissed(store.getState().regions),
        unreadable: undefined,
      });
      ask('all');
    },
    handleLost(code) {
      connection += 1;
      // The server does not talk to pages of this version at all.
      if (code === 'protocol_unsupported') store.setState({ unreadable: 'message' });
      if (store.getState().link.state === 'lost') return;
      store.setState({
        link: { state: 'lost', code, sinceMs: ports.serverNowMs() },
        regions: withAllMissed(store.getState().regions),
      });
    },
    handleDeltas(deltas) {
      const last = deltas.at(-1);
      if (last) ports.observeServerTime(last.at);
      if (queue.length <= MAX_QUEUED) queue.push(...deltas);
      flushTimer ??= setTimeout(flush, FLUSH_MS);
    },
    handleHeartbeat(instant) {
      ports.observeServerTime(instant);
      noteHeard();
    },
    handleBuild(name) {
      const isOther = ports.ownBuild !== undefined && name !== ports.ownBuild;
      store.setState({ servedBuild: name, otherBuild: isOther ? name : undefined });
    },
    handleUnreadable() {
      store.setState({ unreadable: 'message' });
    },
    dataAgeMs: () => (currentAtMs === undefined ? undefined : ports.monotonicMs() - currentAtMs),
    [Symbol.dispose]() {
      ended.abort();
      registryLoaded.resolve(undefined);
      clearTimeout(flushTimer);
      queue = [];
    },
  };
}
