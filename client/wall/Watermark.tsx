import { useCallback } from 'react';
import type { AreaId } from '#contract/ids.ts';
import { Ticking } from '../design/Ticking.tsx';
import { useDesk, useTexts } from '../desk/desk-context.ts';
import styles from './Watermark.module.css';

/**
 * Where it stands in a picture that fills the room, so that no part of that can be cut out without it; and in a tile. In a
 * small picture of the former kind the style leaves nw, c and se.
 */
const PLACES = {
  large: ['nw', 'n', 'ne', 'w', 'c', 'e', 'sw', 's', 'se'],
  small: ['c'],
} as const;

/**
 * Who looks, when, and at what, over every picture on the console of a person: a photograph of the screen says where it
 * comes from. It belongs to the tile and to no layout, and there is no way to switch it off. Displays are nobody's: they
 * show their own name.
 */
export function Watermark({ areaId, large }: { areaId: AreaId; large: boolean }) {
  const { who, serverClock } = useDesk();
  const { formats } = useTexts();
  const { username, role } = who;
  const text = useCallback(() => {
    const nowMs = serverClock.nowMs();
    const parts = [username, formats.dayAndTime(nowMs), areaId];
    // A line of its own for each; in a tile, breaks between the three and nowhere in the first two.
    if (large) return parts.map((part) => part.replaceAll(/\s/g, ' ')).join('\n');
    return parts.map((part) => part.replaceAll(/\s/g, '\u00a0')).join('\u00a0· ');
  }, [username, areaId, formats, serverClock, large]);
  if (role === undefined) return null;
  const size = large ? 'large' : 'small';
  return (
    <div className={styles.mark} data-watermark={size} aria-hidden="true">
      {PLACES[size].map((place) => (
        <Ticking key={place} className={styles.line} text={text} />
      ))}
    </div>
  );
}
