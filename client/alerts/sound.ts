import type { Severity } from '#contract/flags.ts';
import { PATTERNS, type Tone, volumeOf } from './sound-patterns.ts';

/** `blocked`: the browser lets nothing sound until somebody has clicked or typed here. */
export type SoundState = 'ready' | 'blocked' | 'unsupported';

export interface Sound extends Disposable {
  readonly state: SoundState;
  /** Plays the pattern of a level; false if nothing was heard. `set` is the volume that somebody has set, 0 to 1. */
  play(level: Severity, set: number): boolean;
  /** To be called in answer to a gesture: asks the browser to let it sound. */
  unlock(): Promise<void>;
}

/** How loud 1 is: full scale would be a shock next to a headset. */
const FULL_GAIN = 0.5;
/** Tones begin and end so slowly that they do not click; seconds. */
const EDGE_S = 0.012;

/** A pattern is over after this, and the audio of the page sleeps again: awake it costs a wall a share of a core. */
const AWAKE_MS = 2_500;

/** Sounds of this page. `onChange` is told when the browser lets them be heard. */
export function createSound(page: Window & typeof globalThis, onChange: () => void): Sound {
  if (!('AudioContext' in page))
    return { state: 'unsupported', play: () => false, unlock: async () => {}, [Symbol.dispose]() {} };
  const context = new page.AudioContext();
  let state: SoundState = 'blocked';
  let sleeping: number | undefined;

  const wake = async () => {
    page.clearTimeout(sleeping);
    sleeping = page.setTimeout(() => {
      if (context.state === 'running') void context.suspend();
    }, AWAKE_MS);
    // While the browser blocks sound this stays open, and is fulfilled when it does not any more.
    await context.resume();
  };
  const unlock = async () => {
    if (state === 'ready') return;
    try {
      await wake();
    } catch {
      // The page is about to go.
      return;
    }
    state = 'ready';
    onChange();
  };
  // Any gesture will do; whoever works here makes one sooner or later.
  const gestures = ['pointerdown', 'keydown'] as const;
  const onGesture = () => void unlock();
  for (const name of gestures) page.addEventListener(name, onGesture, { passive: true });
  // Where the browser lets pages sound by themselves (a setting of kiosks and desks) it does so now.
  void unlock();

  return {
    get state() {
      return state;
    },
    play(level, set) {
      const volume = volumeOf(level, set);
      if (state !== 'ready' || volume <= 0) return false;
      wake().then(
        () => {
          for (const tone of PATTERNS[level]) playTone(context, tone, volume * FULL_GAIN);
        },
        () => {},
      );
      return true;
    },
    unlock,
    [Symbol.dispose]() {
      for (const name of gestures) page.removeEventListener(name, onGesture);
      page.clearTimeout(sleeping);
      void context.close();
    },
  };
}

function playTone(context: AudioContext, { atS, hz, lengthS, gain }: Tone, volume: number): void {
  const from = context.currentTime + atS;
  const until = from + lengthS;
  const level = context.createGain();
  level.gain.setValueAtTime(0, from);
  level.gain.linearRampToValueAtTime(gain * volume, from + EDGE_S);
  level.gain.setValueAtTime(gain * volume, until - EDGE_S);
  level.gain.linearRampToValueAtTime(0, until);
  const tone = context.createOscillator();
  tone.type = 'triangle';
  tone.frequency.value = hz;
  tone.connect(level).connect(context.destination);
  tone.start(from);
  tone.stop(until);
}
