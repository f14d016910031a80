import { useEffect, useRef } from 'react';
import { type ShortcutId, shortcutOf, type Where } from './shortcuts.ts';

/** What a key does; `false` when it means nothing just now and is the browser's. */
type Handler = (event: KeyboardEvent) => unknown;

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
      if (!shortcut || (!shortcut.always && isElsewhere(event.target))) return;
      const handler = latest.current[shortcut.id];
      if (handler && handler(event) !== false) event.preventDefault();
    };
    document.addEventListener('keydown', handle);
    return () => document.removeEventListener('keydown', handle);
  }, [where, isOn]);
}

/** Typing, or in a dialog or list of its own. */
function isElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [role="dialog"], [role="listbox"], [role="menu"]') !== null
  );
}
