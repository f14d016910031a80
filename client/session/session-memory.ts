import { z } from 'zod';
import { WhoAmI } from '#contract/session.ts';

/**
 * Who was signed in on this device when it last reached the server. With it, what is recorded by hand goes on without a
 * network; it lets nobody do anything on the server.
 */
export interface SessionMemory {
  /** Undefined when nobody is remembered, or when their session is over by now. */
  read(): WhoAmI | undefined;
  /** Remembers only those who record by hand; nobody else works without a network. */
  write(who: WhoAmI): void;
  clear(): void;
  /** Somebody signed out while the server could not be told; it is told before it is asked who this is. */
  owesSignOut(): boolean;
  setOwesSignOut(owes: boolean): void;
}

const STORED_AS = 'varta.signed-in';
const OWED_AS = 'varta.sign-out-owed';
const KEPT_FOR = 'custody.record';

const Remembered = z.object({ who: WhoAmI });

export const NO_MEMORY: SessionMemory = {
  read: () => undefined,
  write: () => {},
  clear: () => {},
  owesSignOut: () => false,
  setOwesSignOut: () => {},
};

/** `nowMs`: the server's time as this device knows it. */
export function createSessionMemory(
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  nowMs: () => number,
): SessionMemory {
  return {
    read() {
      const who = parse(storage.getItem(STORED_AS));
      if (!who || Date.parse(who.expiresAt) <= nowMs()) return undefined;
      return { ...who, serverTime: new Date(nowMs()).toISOString() };
    },
    write(who) {
      if (who.actions.includes(KEPT_FOR)) storage.setItem(STORED_AS, JSON.stringify({ who }));
      else storage.removeItem(STORED_AS);
    },
    clear: () => storage.removeItem(STORED_AS),
    owesSignOut: () => storage.getItem(OWED_AS) !== null,
    setOwesSignOut(owes) {
      if (owes) storage.setItem(OWED_AS, 'yes');
      else storage.removeItem(OWED_AS);
    },
  };
}

function parse(text: string | null): WhoAmI | undefined {
  try {
    return Remembered.safeParse(JSON.parse(text ?? 'null')).data?.who;
  } catch {
    return undefined;
  }
}
