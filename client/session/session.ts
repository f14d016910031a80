import type { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type SignInBody, WhoAmI } from '#contract/session.ts';
import type { Api } from './api.ts';
import type { FailureCode, Outcome } from './failure.ts';
import { NO_MEMORY, type SessionMemory } from './session-memory.ts';

/**
 * Whether somebody is signed in. `unreachable`: the server did not say, and is asked again; whoever this device remembers
 * counts as signed in meanwhile.
 */
export type SessionState =
  | { state: 'checking' }
  | { state: 'unreachable'; code: FailureCode }
  | { state: 'signed-out'; ended: boolean }
  /** `arrived`: they have just signed in at this page, and may be led to their own. */
  | { state: 'signed-in'; who: WhoAmI; arrived?: true };

export type Credentials = z.infer<typeof SignInBody>;

export interface SessionManager extends Disposable {
  readonly store: StoreApi<SessionState>;
  readonly api: Api;
  /** Asks the server who this is; again and again until it answers. */
  check(): void;
  signIn(credentials: Credentials): Promise<Outcome<WhoAmI>>;
  signOut(): Promise<void>;
  /** The server does not know the session any more. */
  handleEnded(): void;
}

const PATH = '/api/v1/session';
const PROVIDER_END = '/api/v1/session/oidc/end';
const RETRY_MS = 2_000;

/** `retryMs`: how soon a server that did not answer is asked again. */
export function createSessionManager(
  api: Api,
  retryMs = RETRY_MS,
  memory: SessionMemory = NO_MEMORY,
): SessionManager {
  const store = createStore<SessionState>(() => ({ state: 'checking' }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  const set = (state: SessionState) => store.setState(state, true);

  function adopt(who: WhoAmI, arrived?: true): void {
    memory.write(who);
    memory.setOwesSignOut(false);
    const before = store.getState();
    // The same person with the same rights keeps their desk, and what they are writing at it.
    set({
      state: 'signed-in',
      who: before.state === 'signed-in' && isSame(before.who, who) ? before.who : who,
      ...(arrived ? { arrived } : {}),
    });
  }

  function forget(wasEnded: boolean): void {
    memory.clear();
    set({ state: 'signed-out', ended: wasEnded });
  }

  async function ask(): Promise<void> {
    if (memory.owesSignOut()) return settle();
    const answer = await api.call(PATH, { reply: WhoAmI });
    if (ended) return;
    if (answer.ok) return adopt(answer.value);
    if (answer.code === 'unauthenticated') {
      const before = store.getState();
      return forget(before.state === 'signed-in' || (before.state === 'signed-out' && before.ended));
    }
    const remembered = memory.read();
    if (!remembered) set({ state: 'unreachable', code: answer.code });
    else if (store.getState().state !== 'signed-in') set({ state: 'signed-in', who: remembered });
    timer = setTimeout(() => void ask(), retryMs);
  }

  /** Tells the server of the sign-out that it could not be told of before. */
  async function settle(): Promise<void> {
    const answer = await api.call(PATH, { method: 'DELETE', reply: undefined });
    if (ended) return;
    if (answer.ok || answer.code === 'unauthenticated') {
      memory.setOwesSignOut(false);
      return forget(false);
    }
    set({ state: 'unreachable', code: answer.code });
    timer = setTimeout(() => void ask(), retryMs);
  }

  return {
    store,
    api,
    check: () => void ask(),
    async signIn(credentials) {
      const answer = await api.call(PATH, { body: credentials, reply: WhoAmI });
      if (answer.ok) adopt(answer.value, true);
      return answer;
    },
    async signOut() {
      clearTimeout(timer);
      const before = store.getState();
      const answer = await api.call(PATH, { method: 'DELETE', reply: undefined });
      memory.setOwesSignOut(!answer.ok && answer.code !== 'unauthenticated');
      forget(false);
      // Otherwise the next one at this desk would be let in by the provider without a question.
      if (answer.ok && before.state === 'signed-in' && before.who.external) location.assign(PROVIDER_END);
    },
    handleEnded() {
      if (store.getState().state === 'signed-in') forget(true);
    },
    [Symbol.dispose]() {
      ended = true;
      clearTimeout(timer);
    },
  };
}

function isSame(a: WhoAmI, b: WhoAmI): boolean {
  const identity = ({ username, role, scope, actions, setup = [] }: WhoAmI) =>
    JSON.stringify([username, role, scope, actions.toSorted(), setup]);
  return identity(a) === identity(b);
}

/** Whether this person may do something somewhere; the server decides anew each time that it is done. */
export function mayDo(who: Pick<WhoAmI, 'actions'>, action: string): boolean {
  return who.actions.includes(action);
}
