import { DisplayList, DisplayView, Pushed } from '#contract/displays.ts';
import type { Outcome } from '../session/failure.ts';

const DISPLAY_ID = 'd-abcdefghjk';

/** An enrolled display that nothing was put on and that has not said how it does. */
export function sampleDisplay(over: Partial<DisplayView> = {}): DisplayView {
  return DisplayView.parse({
    id: DISPLAY_ID,
    name: 'Ліва',
    place: '',
    diagonalInches: 55,
    distanceM: 4,
    spot: false,
    scope: { kind: 'nation' },
    enrolledBy: 'situation',
    enrolledAt: '2026-11-22T12:00:00.000Z',
    version: 1,
    show: null,
    health: null,
    ...over,
  });
}

/** What a server with one display answers to whoever asks for displays and for what is kept. */
export function getDisplays(path: string): Outcome<unknown> | undefined {
  if (path === '/api/v1/displays')
    return {
      ok: true,
      value: DisplayList.parse({
        items: [sampleDisplay()],
        nextCursor: null,
        serverTime: new Date().toISOString(),
      }),
    };
  if (path === '/api/v1/scenes' || path === '/api/v1/tours')
    return { ok: true, value: { items: [], nextCursor: null } };
  return undefined;
}

/** What it answers to whoever puts something on its display. */
export const PUSHED: Outcome<unknown> = {
  ok: true,
  value: Pushed.parse({ items: [{ displayId: DISPLAY_ID, version: 2, leftOut: 0 }] }),
};
