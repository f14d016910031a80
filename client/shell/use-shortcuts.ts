import { useEffect, useRef } from 'react';
import { type ShortcutId, shortcutOf, type Where } from './shortcuts.ts';

/** What a key does; `false` when it means nothing just now and is the browser's. */
export type Handler = (event: KeyboardEvent) => unknown;

/** Listens to the keys of a place while it is in front. */
export function useShortcuts(
  where: Where,
  isOn: boolean,
  handlers: Partial<Record<ShortcutId, Handler>>,
): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    if (!isOn) return undefined;
    const handle = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const shortcut = shortcutOf(event, where);
      if (!shortcut || (!shortcut.always && isElsewhere(event))) return;
      const handler = latest.current[shortcut.id];
      if (handler && handler(event) !== false) event.preventDefault();
    };
    document.addEventListener('keydown', handle);
    return () => document.removeEventListener('keydown', handle);
  }, [where, isOn]);
}

const CHOICE_KEYS = /^(Arrow.*| |Enter|Tab)$/;

/** Typing, or in a dialog or list of its own. A box that picks a row belongs to the row. */
function isElsewhere({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role="dialog"], [role="listbox"], [role="menu"]')) return true;
  // Nobody types into a choice of one: it needs no keys but its own.
  if (target.matches('input[type="radio"]')) return CHOICE_KEYS.test(key);
  return target.closest('input:not([data-pick]), textarea, select') !== null;
}
