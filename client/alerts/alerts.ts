import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  ALERT_MESSAGES,
  type Alert,
  type AlertPath,
  AlertSettings,
  AlertsClaimed,
  AlertsFollowed,
  DEFAULT_ALERT_SETTINGS,
  type DigestAlert,
  type FlagAlert,
  type WatchingAlert,
} from '#contract/alerts.ts';
import type { Api } from '../session/api.ts';
import type { ConsoleLink } from '../session/console-link.ts';
import type { Outcome } from '../session/failure.ts';
import type { SoundState } from './sound.ts';

/** What this page knows of alerts to its person. */
export interface AlertsState {
  settings: AlertSettings;
  /** Undefined until the server has said. */
  path: AlertPath | undefined;
  pushKey: string | null;
  /** Alerts that this page has shown, newest first. */
  shown: readonly FlagAlert[];
  /** What quiet hours held back, until it is put away. */
  digest: DigestAlert | undefined;
  /** The last one about watching, until it is put away; how many there are stands in the bar above. */
  watching: WatchingAlert | undefined;
  /** When the last canary that this page has shown was made. */
  checkedAt: string | undefined;
  sound: SoundState;
}

/** Shows alerts: sound, notification. Called with those that no other page shows. */
export type Present = (alerts: readonly Alert[]) => void;

export interface Alerts extends Disposable {
  readonly store: StoreApi<AlertsState>;
  handleOpen(): void;
  handlePending(alerts: readonly Alert[]): void;
  handlePath(path: AlertPath): void;
  /** Nothing is claimed while nobody presents. Returns the way to stop. */
  present(present: Present): () => void;
  setSound(state: SoundState): void;
  putDigestAway(): void;
  putWatchingAway(): void;
  save(settings: AlertSettings): Promise<Outcome<AlertSettings>>;
}

interface AlertsPorts {
  request: ConsoleLink['request'];
  api: Api;
  /** Nobody sees this page now. */
  isHidden(): boolean;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(handle: number): void;
}

/**
 * Of several pages of a person the one that can be heard and seen shows an alert: the others wait so much longer before
 * they ask for it.
 */
const HIDDEN_MS = 400;
const SILENT_MS = 1_200;
/** Alerts that are kept to be looked at, and ids so that none is shown twice. */
const MAX_SHOWN = 50;
const MAX_KNOWN = 1_000;

export function createAlerts(ports: AlertsPorts): Alerts {
  const { request, api } = ports;
  const store = createStore<AlertsState>(() => ({
    settings: DEFAULT_ALERT_SETTINGS,
    path: undefined,
    pushKey: null,
    shown: [],
    digest: undefined,
    watching: undefined,
    checkedAt: undefined,
    sound: 'blocked',
  }));
  /** Oldest first. */
  const presented = new Set<string>();
  const asking = new Set<string>();
  const timers = new Set<number>();
  let presenter: Present | undefined;
  let isOver = false;

  const patienceMs = () => {
    if (store.getState().sound !== 'ready') return SILENT_MS;
    return ports.isHidden() ? HIDDEN_MS : 0;
  };

  const tellShown = (ids: readonly string[]) =>
    request(ALERT_MESSAGES.shown, { ids: [...ids] }, z.object({}));

  async function claim(alerts: readonly Alert[]): Promise<void> {
    const ids = alerts.map(({ id }) => id);
    try {
      const answer = await request(ALERT_MESSAGES.claim, { ids }, AlertsClaimed);
      if (isOver || !answer.ok || !presenter) return;
      const granted = new Set(answer.value.granted);
      const mine = alerts.filter(({ id }) => granted.has(id) && !presented.has(id));
      if (mine.length === 0) return;
      for (const { id } of mine) remember(presented, id);
      presenter(mine);
      keep(mine);
      // If this fails, the alert comes again, is known, and is said to be shown once more.
      await tellShown(mine.map(({ id }) => id));
    } finally {
      for (const id of ids) asking.delete(id);
    }
  }

  function keep(alerts: readonly Alert[]): void {
    const state = store.getState();
    const flags = alerts.filter((alert) => alert.kind === 'flag');
    const digest = alerts.findLast((alert) => alert.kind === 'digest');
    const watching = alerts.findLast((alert) => alert.kind === 'watching');
    const canary = alerts.findLast((alert) => alert.kind === 'canary');
    store.setState({
      ...(flags.length > 0 ? { shown: [...flags.toReversed(), ...state.shown].slice(0, MAX_SHOWN) } : {}),
      ...(digest ? { digest } : {}),
      ...(watching ? { watching } : {}),
      ...(canary ? { checkedAt: canary.at } : {}),
    });
  }

  return {
    store,
    handleOpen() {
      void request(ALERT_MESSAGES.follow, {}, AlertsFollowed).then((answer) => {
        if (answer.ok && !isOver) store.setState(answer.value);
      });
    },
    handlePending(alerts) {
      const again = alerts.filter(({ id }) => presented.has(id)).map(({ id }) => id);
      if (again.length > 0) void tellShown(again);
      if (!presenter) return;
      const fresh = alerts.filter(({ id }) => !presented.has(id) && !asking.has(id));
      if (fresh.length === 0) return;
      for (const { id } of fresh) asking.add(id);
      const handle = ports.setTimeout(() => {
        timers.delete(handle);
        void claim(fresh);
      }, patienceMs());
      timers.add(handle);
    },
    handlePath: (path) => store.setState({ path }),
    present(present) {
      presenter = present;
      return () => {
        presenter = undefined;
      };
    },
    setSound: (sound) => store.setState({ sound }),
    putDigestAway: () => store.setState({ digest: undefined }),
    putWatchingAway: () => store.setState({ watching: undefined }),
    async save(settings) {
      const outcome = await api.call('/api/v1/alerts/settings', { body: settings, reply: AlertSettings });
      if (outcome.ok) store.setState({ settings: outcome.value });
      return outcome;
    },
    [Symbol.dispose]() {
      isOver = true;
      for (const handle of timers) ports.clearTimeout(handle);
      timers.clear();
    },
  };
}

function remember(ids: Set<string>, id: string): void {
  ids.add(id);
  const [oldest] = ids;
  if (ids.size > MAX_KNOWN && oldest !== undefined) ids.delete(oldest);
}
