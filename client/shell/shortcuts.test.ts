import { expect, test } from 'vitest';
import { en } from '../i18n/en.ts';
import { uk } from '../i18n/uk.ts';
import { type Chord, keysOf, SHORTCUTS, type Shortcut, shortcutOf } from './shortcuts.ts';

const ALL: readonly Shortcut[] = SHORTCUTS;

const press = (chord: Chord) => ({
  key: 'key' in chord ? chord.key : '',
  code: 'code' in chord ? chord.code : '',
  ctrlKey: chord.ctrl ?? false,
  shiftKey: chord.shift ?? false,
  metaKey: false,
  altKey: false,
});

test('every shortcut has words in both languages, and keys that can be read', () => {
  for (const { id, chords } of SHORTCUTS) {
    expect(uk.shortcuts[id], id).toMatch(/\S/);
    expect(en.shortcuts[id], id).toMatch(/\S/);
    for (const chord of chords) expect(keysOf(chord).join(' ')).not.toMatch(/Arrow|^Key|Slash/);
  }
});

test('each key means one thing where it is pressed', () => {
  for (const { id, where, chords } of ALL)
    for (const chord of chords) expect(shortcutOf(press(chord), where)?.id, `${id} on ${where}`).toBe(id);
});

test('what holds everywhere is not taken by a single place', () => {
  for (const { where, chords } of ALL.filter((one) => one.where !== 'everywhere'))
    for (const chord of chords) expect(shortcutOf(press(chord), 'everywhere'), where).toBeUndefined();
});

test('the same place on the keyboard is the same key in either alphabet', () => {
  const event = { ...press({ code: 'KeyF' }), key: 'а' };
  expect(shortcutOf(event, 'wall')?.id).toBe('raise');
  expect(shortcutOf({ ...event, key: 'л', code: 'KeyK', ctrlKey: true }, 'everywhere')?.id).toBe('palette');
  expect(shortcutOf({ ...event, key: 'л', code: 'KeyK', metaKey: true }, 'everywhere')?.id).toBe('palette');
});

test('a browser’s own combinations are left to it', () => {
  expect(shortcutOf({ ...press({ code: 'KeyF' }), ctrlKey: true }, 'wall')).toBeUndefined();
  expect(shortcutOf({ ...press({ key: 'ArrowLeft' }), altKey: true }, 'wall')).toBeUndefined();
});
