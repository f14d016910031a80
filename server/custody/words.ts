import { z } from 'zod';
import { SEALED_WORDS, StoredEvent } from '#contract/custody-events.ts';
import type { PersonalCipher } from '../personal/cipher.ts';

/** Where free words may stand in an event; the same in what a correction puts in the place of another. */
const PLACES = [['note'], ['reason'], ['overlay', 'reason'], ['extension', 'reason']].flatMap((path) => [
  path,
  ['replacement', ...path],
]);

const Words = z.record(z.string(), z.string());

/** Seals free words of events before they are stored, and opens them for whoever may read them. */
export interface WordKeeper {
  /** The event as it is to be stored; the same if nothing was written to it. */
  seal(stored: StoredEvent): StoredEvent;
  /** The event as it was sent. Throws as the cipher's `open` does. */
  open(stored: StoredEvent): StoredEvent;
}

/** Words are bound to the event and to when it was received, so that they cannot be put under another one. */
export function createWordKeeper(cipher: Pick<PersonalCipher, 'seal' | 'open'>): WordKeeper {
  return {
    seal(stored) {
      const words: Record<string, string> = {};
      const event = structuredClone(stored.event);
      for (const path of PLACES) {
        const text = replaceAt(event, path, (before) => (before.trim() ? SEALED_WORDS : before));
        // What is blank says nothing, and must not pass for words: force is asked after by whether it is explained.
        if (text?.trim()) words[path.join('.')] = text;
      }
      if (Object.keys(words).length === 0) return stored;
      return { ...stored, event, sealed: cipher.seal(JSON.stringify(words), aboutOf(stored)) };
    },
    open(stored) {
      if (!stored.sealed) return stored;
      const words = Words.parse(JSON.parse(cipher.open(stored.sealed, aboutOf(stored))));
      const event = structuredClone(stored.event);
      for (const path of PLACES) replaceAt(event, path, (before) => words[path.join('.')] ?? before);
      const { sealed: _, ...rest } = stored;
      return StoredEvent.parse({ ...rest, event });
    },
  };
}

/** Where there is no key nothing is sealed, and what was sealed under one stays so. */
export const NO_WORDS_KEY: WordKeeper = { seal: (stored) => stored, open: (stored) => stored };

function aboutOf({ facilityId, receivedAt, event }: StoredEvent): string {
  return `${facilityId}/${event.id} ${receivedAt}`;
}

/** Puts another text in the place of the one at a path; the one that was there, undefined if there was none. */
function replaceAt(
  value: unknown,
  [name = '', ...rest]: readonly string[],
  other: (before: string) => string,
): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const here = value as Record<string, unknown>;
  const found = here[name];
  if (rest.length > 0) return replaceAt(found, rest, other);
  if (typeof found !== 'string') return undefined;
  here[name] = other(found);
  return found;
}
