import { createStore, type StoreApi } from 'zustand/vanilla';
import { DisplaySelf, Pairing } from '#contract/displays.ts';
import type { Api } from '../session/api.ts';
import type { FailureCode } from '../session/failure.ts';

/** What a screen is: a display, one that waits to be enrolled, or one that may be no more. */
export type DisplayState =
  | { state: 'asking' }
  /** The server does not say; it is asked again. */
  | { state: 'unreachable'; code: FailureCode }
  | { state: 'pairing'; pairing: Pairing | undefined; code: FailureCode | undefined }
  | { state: 'enrolled'; self: DisplaySelf }
  | { state: 'revoked' };

export interface DisplayBoot extends Disposable {
  readonly store: StoreApi<DisplayState>;
  /** Asks now what this screen is and what it has to show. */
  ask(): void;
  /** A revoked screen asks to be enrolled anew, as another display. */
  pairAgain(): void;
}

/** A screen that waits asks so often whether somebody has enrolled it. */
const WAIT_MS = 2_000;
const RETRY_MS = 2_000;

interface Ports {
  api: Api;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(handle: number): void;
  monotonicMs(): number;
  /** Whether the server's last answer could be read. */
  onAnswer(isReadable: boolean): void;
}

/** Finds out what this screen is, and keeps it a display: through reloads, restarts of the server and losses of the network. */
export function createDisplayBoot({
  api,
  setTimeout,
  clearTimeout,
  monotonicMs,
  onAnswer,
}: Ports): DisplayBoot {
  const store = createStore<DisplayState>(() => ({ state: 'asking' }));
  let timer: number | undefined;
  let ended = false;
  let asking = false;
  let askedMeanwhile = false;
  let pairingEndsMs = 0;

  const later = (ms: number) => {
    clearTimeout(timer ?? 0);
    timer = setTimeout(ask, ms);
  };

  async function pair(): Promise<void> {
    const answer = await api.call('/api/v1/display/pairing', { method: 'POST', reply: Pairing });
    if (ended) return;
    if (answer.ok) {
      const { expiresAt, serverTime } = answer.value;
      pairingEndsMs = monotonicMs() + Date.parse(expiresAt) - Date.parse(serverTime);
      store.setState({ state: 'pairing', pairing: answer.value, code: undefined }, true);
    } else store.setState({ state: 'pairing', pairing: undefined, code: answer.code }, true);
    later(answer.ok ? WAIT_MS : 5 * RETRY_MS);
  }

  async function look(): Promise<void> {
    const answer = await api.call('/api/v1/display', { reply: DisplaySelf });
    if (ended) return;
    onAnswer(answer.ok || answer.code !== 'unreadable');
    const before = store.getState();
    if (answer.ok) return store.setState({ state: 'enrolled', self: answer.value }, true);
    if (answer.code === 'display_revoked') return store.setState({ state: 'revoked' }, true);
    if (answer.code === 'unauthenticated') {
      if (before.state === 'pairing' && before.pairing && monotonicMs() < pairingEndsMs)
        return later(WAIT_MS);
      return pair();
    }
    // A display goes on with what it had; the pictures say themselves how old they are.
    if (before.state !== 'enrolled' && before.state !== 'pairing')
      store.setState({ state: 'unreachable', code: answer.code }, true);
    later(RETRY_MS);
  }

  function ask(): void {
    if (asking) {
      askedMeanwhile = true;
      return;
    }
    asking = true;
    clearTimeout(timer ?? 0);
    void look().finally(() => {
      asking = false;
      if (!askedMeanwhile || ended) return;
      askedMeanwhile = false;
      ask();
    });
  }

  return {
    store,
    ask,
    pairAgain: () => void pair(),
    [Symbol.dispose]() {
      ended = true;
      clearTimeout(timer ?? 0);
    },
  };
}
