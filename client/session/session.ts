import type { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type SignInBody, WhoAmI } from '#contract/session.ts';
import type { Api } from './api.ts';
import type { FailureCode, Outcome } from './failure.ts';

/** Whether somebody is signed in. `unreachable`: the server did not say, and is asked again. */
export type SessionState =
  | { state: 'checking' }
  | { state: 'unreachable'; code: FailureCode }
  | { state: 'signed-out'; ended: boolean }
  | { state: 'signed-in'; who: WhoAmI };

export type Credentials = z.infer<typeof SignInBody>;

export interface SessionManager extends Disposable {
  readonly store: StoreApi<SessionState>;
  /** Asks the server who this is; again and again until it answers. */
  check(): void;
  signIn(credentials: Credentials): Promise<Outcome<WhoAmI>>;
  signOut(): Promise<void>;
  /** The server does not know the session any more. */
  handleEnded(): void;
}

const PATH = '/api/v1/session';
const RETRY_MS = 2_000;

/** `retryMs`: how soon a server that did not answer is asked again. */
export function createSessionManager(api: Api, retryMs = RETRY_MS): SessionManager {
  const store = createStore<SessionState>(() => ({ state: 'checking' }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  const set = (state: SessionState) => store.setState(state, true);

  async function ask(): Promise<void> {
    const answer = await api.call(PATH, { reply: WhoAmI });
    if (ended) return;
    if (answer.ok) return set({ state: 'signed-in', who: answer.value });
    if (answer.code === 'unauthenticated') return set({ state: 'signed-out', ended: false });
    set({ state: 'unreachable', code: answer.code });
    timer = setTimeout(() => void ask(), retryMs);
  }

  return {
    store,
    check: () => void ask(),
    async signIn(credentials) {
      const answer = await api.call(PATH, { body: credentials, reply: WhoAmI });
      if (answer.ok) set({ state: 'signed-in', who: answer.value });
      return answer;
    },
    async signOut() {
      await api.call(PATH, { method: 'DELETE', reply: undefined });
      set({ state: 'signed-out', ended: false });
    },
    handleEnded() {
      if (store.getState().state === 'signed-in') set({ state: 'signed-out', ended: true });
    },
    [Symbol.dispose]() {
      ended = true;
      clearTimeout(timer);
    },
  };
}

/** Whether this person may do something somewhere; the server decides anew each time that it is done. */
export function mayDo(who: WhoAmI, action: string): boolean {
  return who.actions.includes(action);
}
