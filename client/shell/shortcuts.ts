/** Where a key means something: on every page, on the wall, on one area that is enlarged, on the map, in the queue, or on call. */
export type Where = 'everywhere' | 'wall' | 'focus' | 'map' | 'queue' | 'oncall';

/** One combination. `code` names a key by its place, so that it is the same one in every alphabet; `key` what it writes. */
export type Chord = ({ code: string } | { key: string }) & { ctrl?: true; shift?: true };

export interface Shortcut {
  id: string;
  where: Where;
  /** Any of them does it. */
  chords: readonly Chord[];
  /** Also while somebody types, or in a dialog. */
  always?: true;
  /** The browser does it by itself; it stands here to be known. */
  native?: true;
}

const ARROWS = [
  { key: 'ArrowLeft' },
  { key: 'ArrowRight' },
  { key: 'ArrowUp' },
  { key: 'ArrowDown' },
] as const satisfies Chord[];

/** Every key that means something here. The keys themselves, the sheet and the command palette read this. */
export const SHORTCUTS = [
  { id: 'palette', where: 'everywhere', chords: [{ code: 'KeyK', ctrl: true }], always: true },
  { id: 'sheet', where: 'everywhere', chords: [{ key: '?' }, { code: 'Slash', shift: true }] },
  { id: 'search', where: 'everywhere', chords: [{ code: 'Slash' }] },
  { id: 'toAlarm', where: 'everywhere', chords: [{ code: 'KeyT' }] },
  { id: 'move', where: 'wall', chords: [...ARROWS, { key: 'Home' }, { key: 'End' }] },
  { id: 'open', where: 'wall', chords: [{ key: 'Enter' }], native: true },
  { id: 'raise', where: 'wall', chords: [{ code: 'KeyF' }] },
  { id: 'nextPage', where: 'wall', chords: [{ key: 'PageDown' }] },
  { id: 'previousPage', where: 'wall', chords: [{ key: 'PageUp' }] },
  {
    id: 'arrange',
    where: 'wall',
    chords: [
      { key: 'ArrowLeft', shift: true },
      { key: 'ArrowRight', shift: true },
      { key: 'ArrowUp', shift: true },
      { key: 'ArrowDown', shift: true },
    ],
  },
  { id: 'toSpot', where: 'wall', chords: [{ code: 'KeyS' }] },
  { id: 'leave', where: 'focus', chords: [{ key: 'Escape' }] },
  { id: 'raiseHere', where: 'focus', chords: [{ code: 'KeyF' }] },
  { id: 'acknowledgeHere', where: 'focus', chords: [{ code: 'KeyA' }] },
  { id: 'gate', where: 'focus', chords: [{ code: 'KeyG' }] },
  { id: 'putOnDisplay', where: 'focus', chords: [{ code: 'KeyD' }] },
  { id: 'zoomIn', where: 'focus', chords: [{ key: '+' }, { key: '=' }] },
  { id: 'zoomOut', where: 'focus', chords: [{ key: '-' }] },
  { id: 'zoomReset', where: 'focus', chords: [{ key: '0' }] },
  { id: 'pan', where: 'focus', chords: ARROWS },
  { id: 'nextArea', where: 'focus', chords: [{ key: 'PageDown' }] },
  { id: 'previousArea', where: 'focus', chords: [{ key: 'PageUp' }] },
  { id: 'moveFlag', where: 'queue', chords: [{ key: 'ArrowUp' }, { key: 'ArrowDown' }] },
  { id: 'showFlag', where: 'queue', chords: [{ key: 'Enter' }] },
  { id: 'toDetail', where: 'queue', chords: [{ key: 'ArrowRight' }] },
  { id: 'toRow', where: 'queue', chords: [{ key: 'ArrowLeft' }] },
  { id: 'showStill', where: 'queue', chords: [{ code: 'KeyE' }] },
  { id: 'pickFlag', where: 'queue', chords: [{ key: 'Space' }], native: true },
  { id: 'pickAlike', where: 'queue', chords: [{ code: 'KeyS' }] },
  { id: 'acknowledgeFlags', where: 'queue', chords: [{ code: 'KeyA' }] },
  { id: 'assignFlags', where: 'queue', chords: [{ code: 'KeyD' }] },
  { id: 'shelveFlags', where: 'queue', chords: [{ code: 'KeyW' }] },
  { id: 'closeFlags', where: 'queue', chords: [{ code: 'KeyR' }] },
  { id: 'previousAlert', where: 'oncall', chords: [{ key: 'ArrowLeft' }] },
  { id: 'nextAlert', where: 'oncall', chords: [{ key: 'ArrowRight' }] },
  { id: 'acknowledgeAlert', where: 'oncall', chords: [{ code: 'KeyA' }] },
  { id: 'noteCall', where: 'oncall', chords: [{ code: 'KeyN' }] },
  { id: 'choose', where: 'map', chords: [{ code: 'KeyL' }] },
  { id: 'leaveChoice', where: 'map', chords: [{ key: 'Escape' }] },
  { id: 'measure', where: 'map', chords: [{ code: 'KeyM' }] },
] as const satisfies readonly Shortcut[];

export type ShortcutId = (typeof SHORTCUTS)[number]['id'];

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Which of these keys was pressed; a chord that asks for no Shift is not meant with it, where Shift writes nothing else. */
export function shortcutOf(event: Pressed, where: Where): (Shortcut & { id: ShortcutId }) | undefined {
  return SHORTCUTS.find((one) => one.where === where && one.chords.some((chord) => isPressed(event, chord)));
}

function isPressed(event: Pressed, chord: Chord): boolean {
  if (event.altKey || (event.ctrlKey || event.metaKey) !== (chord.ctrl ?? false)) return false;
  if ('code' in chord) return event.code === chord.code && event.shiftKey === (chord.shift ?? false);
  // What one key writes with Shift on one keyboard it writes without on another.
  const writes = chord.key.length === 1;
  return event.key === chord.key && (writes || event.shiftKey === (chord.shift ?? false));
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageDown: 'Page Down',
  PageUp: 'Page Up',
  Escape: 'Esc',
  Slash: '/',
};

/** The keys of a chord as they are written on a keyboard. */
export function keysOf(chord: Chord): string[] {
  const name = 'code' in chord ? chord.code.replace(/^Key/, '') : chord.key;
  return [...(chord.ctrl ? ['Ctrl'] : []), ...(chord.shift ? ['Shift'] : []), NAMES[name] ?? name];
}
