import type { Flag } from '#contract/flags.ts';
import type { WhoAmI } from '#contract/session.ts';
import { type Alerts, createAlerts } from '../alerts/alerts.ts';
import { createSound, type Sound } from '../alerts/sound.ts';
import { createServerClock, type ServerClock } from '../clock/server-clock.ts';
import { createTicker, type Ticker } from '../clock/ticker.ts';
import { type AlarmTally, createAlarmTally } from '../flags/alarm-rate.ts';
import { createFlagActions, type FlagActions } from '../flags/flag-actions.ts';
import { createOpenFlags } from '../flags/open-flags.ts';
import type { DeviceClock } from '../inspect/device-clock.ts';
import { createDeviceOutbox } from '../inspect/device-outbox.ts';
import type { Outbox } from '../inspect/outbox.ts';
import { createMediaEngine, type MediaEngine } from '../media/media-engine.ts';
import { createMediaSignal } from '../media/media-signal.ts';
import { createPosters, type Posters } from '../media/posters.ts';
import type { CreateReceiver } from '../media/receiver.ts';
import { createSightings, type Sightings } from '../media/sightings.ts';
import { createVideoPool, type VideoPool } from '../media/video-pool.ts';
import { createOpenings, type Openings } from '../purposes/openings.ts';
import type { Api } from '../session/api.ts';
import type { ConsoleLink } from '../session/console-link.ts';
import { mayDo } from '../session/session.ts';
import { watchBuild } from '../session/watch-build.ts';
import { createFactsIndex, type FactsIndex } from '../store/facts.ts';
import { createLiveStore, isFeedLive, type LiveState, type LiveStore } from '../store/live-store.ts';
import { createLiveSync, type LiveSync } from '../store/live-sync.ts';
import { createReadAir, type ReadAir } from '../wall/area-air.ts';
import { createFocusAhead } from '../wall/focus-ahead.ts';
import { createSelection, type Selection } from '../wall/selection.ts';
import { createWallView, type WallView } from '../wall/wall-view.ts';

/** Who a desk is of: a person, or a display, which has no role. */
export type DeskHolder = Omit<WhoAmI, 'role'> & Partial<Pick<WhoAmI, 'role'>>;

/** Everything that the page of a signed-in person runs on. Made at sign-in, disposed of at sign-out. */
export interface Desk extends Disposable {
  readonly who: DeskHolder;
  readonly live: LiveStore;
  readonly sync: Pick<LiveSync, 'dataAgeMs'>;
  readonly view: WallView;
  readonly selection: Selection;
  readonly facts: FactsIndex;
  readonly engine: MediaEngine;
  readonly pool: VideoPool;
  readonly posters: Posters;
  readonly ticker: Ticker;
  readonly sightings: Sightings;
  readonly openings: Openings;
  readonly serverClock: ServerClock;
  readonly flags: FlagActions;
  /** All open flags of a state, in order; one list for whoever asks. */
  openFlags(state: LiveState): readonly Flag[];
  /** Alarms that were new in the last hour. */
  readonly alarmTally: AlarmTally;
  readonly alerts: Alerts;
  readonly sound: Sound;
  /** When the page of this person was opened, by the server's clock; ms. */
  readonly openedMs: number;
  readonly api: Api;
  /** What is recorded by hand on this device; only for those who may. */
  readonly outbox: Outbox | undefined;
  readonly readAir: ReadAir;
  monotonicMs(): number;
}

export interface DeskPorts {
  who: DeskHolder;
  api: Api;
  fetch: typeof fetch;
  link: ConsoleLink;
  createReceiver: CreateReceiver;
  onUnauthenticated(): void;
  deviceClock: DeviceClock;
  /** The client's build that this page is of. @default not known */
  ownBuild?: string | undefined;
  /** Told whenever what speaks for loading the page anew has changed. */
  onPageTrouble?: (live: LiveState) => void;
  /** The connection is open, or something was put on this display: it is to ask what it has to show. */
  onDisplayNews?: () => void;
}

/** A page that is hidden for longer than this lets nothing flow; shorter glances elsewhere cost nothing. */
const HIDDEN_MS = 3_000;

export function createDesk(ports: DeskPorts): Desk {
  const {
    who,
    api,
    fetch,
    link,
    createReceiver,
    onUnauthenticated,
    deviceClock,
    onDisplayNews,
    onPageTrouble,
  } = ports;
  const owned = new DisposableStack();
  const monotonicMs = () => performance.now();
  const serverClock = createServerClock({ monotonicMs, wallMs: Date.now });
  serverClock.observe(who.serverTime);
  const ticker = owned.use(
    createTicker({
      monotonicMs,
      setInterval: (run, periodMs) => window.setInterval(run, periodMs),
      clearInterval: (handle) => window.clearInterval(handle),
    }),
  );
  const live = createLiveStore();
  const sync = owned.use(
    createLiveSync({
      store: live,
      api,
      subscribe: link.subscribe,
      observeServerTime: serverClock.observe,
      serverNowMs: serverClock.nowMs,
      monotonicMs,
      ownBuild: ports.ownBuild,
    }),
  );
  if (onPageTrouble)
    owned.defer(
      live.subscribe((now, before) => {
        if (now.unreadable !== before.unreadable || now.otherBuild !== before.otherBuild) onPageTrouble(now);
      }),
    );
  const signal = createMediaSignal(link.request);
  const openings = createOpenings({ signal });
  const sightings = owned.use(
    createSightings({
      tell: signal.seen,
      isPageVisible: () => document.visibilityState === 'visible',
      monotonicMs,
      setInterval: (run, periodMs) => window.setInterval(run, periodMs),
      clearInterval: (handle) => window.clearInterval(handle),
    }),
  );
  const engine = owned.use(
    createMediaEngine({
      signal,
      createReceiver,
      isLive: (feedId) => isFeedLive(live.getState(), feedId),
      monotonicMs,
      random: Math.random,
    }),
  );
  const posters = owned.use(
    createPosters({
      fetch,
      createUrl: (blob) => URL.createObjectURL(blob),
      revokeUrl: (url) => URL.revokeObjectURL(url),
      monotonicMs,
    }),
  );
  const view = owned.use(createWallView(window));
  const facts = createFactsIndex();
  const hands = owned.use(watchHands(window, monotonicMs));
  const selection = owned.use(
    createSelection({ live, view: view.store, facts, serverClock, ticker, idleMs: hands.idleMs }),
  );
  const openFlags = createOpenFlags();
  const alarmTally = owned.use(createAlarmTally({ live, openFlags, nowMs: serverClock.nowMs }));
  const flags = createFlagActions({ api, newId: () => crypto.randomUUID() });
  const outbox = mayDo(who, 'custody.record')
    ? owned.use(createDeviceOutbox({ account: who.username, api, clock: deviceClock, window }))
    : undefined;
  const alerts = owned.use(
    createAlerts({
      request: link.request,
      api,
      isHidden: () => document.visibilityState !== 'visible',
      setTimeout: (run, ms) => window.setTimeout(run, ms),
      clearTimeout: (handle) => window.clearTimeout(handle),
    }),
  );
  const sound: Sound = owned.use(createSound(window, () => alerts.setSound(sound.state)));
  alerts.setSound(sound.state);
  owned.use(createFocusAhead({ view, live, engine, posters }));
  owned.use(watchVisibility(document, engine));
  owned.use(link);

  // Whoever sees no status has no live data to wait for: the registry is all that the page shows.
  if (mayDo(who, 'status.read')) {
    sync.start();
    link.connect({
      open() {
        sync.handleOpen();
        engine.handleOpen();
        openings.again();
        if (mayDo(who, 'alert.own')) alerts.handleOpen();
        onDisplayNews?.();
        outbox?.send();
      },
      lost(code) {
        sync.handleLost(code);
        engine.handleLost();
      },
      unauthenticated: onUnauthenticated,
      deltas: sync.handleDeltas,
      heartbeat(instant) {
        sync.handleHeartbeat(instant);
        deviceClock.observe(serverClock.nowMs(), Date.now());
      },
      build: sync.handleBuild,
      unreadable: sync.handleUnreadable,
      consumersClosed: engine.handleConsumersClosed,
      viewerClosed: engine.handleViewerClosed,
      available: engine.handleAvailable,
      move: engine.handleMove,
      alertsPending: alerts.handlePending,
      alertPath: alerts.handlePath,
      displayChanged: () => onDisplayNews?.(),
    });
  } else {
    if (mayDo(who, 'registry.read')) sync.start();
    if (ports.ownBuild !== undefined) owned.use(watchBuild({ fetch, tell: sync.handleBuild }));
  }

  return {
    who,
    live,
    sync,
    view,
    selection,
    facts,
    engine,
    pool: createVideoPool(),
    posters,
    ticker,
    sightings,
    openings,
    serverClock,
    flags,
    openFlags,
    alarmTally,
    alerts,
    sound,
    openedMs: Date.parse(who.serverTime),
    api,
    outbox,
    readAir: createReadAir(api),
    monotonicMs,
    [Symbol.dispose]: () => owned.dispose(),
  };
}

/** Since when nobody has pointed or typed; a page that has just been opened was touched. */
function watchHands(page: Window, monotonicMs: () => number): Disposable & { idleMs(): number } {
  let touchedMs = monotonicMs();
  const note = () => {
    touchedMs = monotonicMs();
  };
  const signs = ['pointermove', 'pointerdown', 'wheel', 'keydown'] as const;
  for (const sign of signs) page.addEventListener(sign, note, { passive: true });
  return {
    idleMs: () => monotonicMs() - touchedMs,
    [Symbol.dispose]() {
      for (const sign of signs) page.removeEventListener(sign, note);
    },
  };
}

function watchVisibility(page: Document, engine: Pick<MediaEngine, 'setPageVisible'>): Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const handle = () => {
    clearTimeout(timer);
    if (page.visibilityState === 'visible') engine.setPageVisible(true);
    else timer = setTimeout(() => engine.setPageVisible(false), HIDDEN_MS);
  };
  page.addEventListener('visibilitychange', handle);
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      page.removeEventListener('visibilitychange', handle);
    },
  };
}
