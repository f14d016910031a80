import type { Page } from 'playwright-core';
import type { AlarmPlace } from '../shell/alarm-place.ts';
import type { ScreenState } from './fixtures/room.ts';
import * as steps from './screen-steps.ts';
import { type Cameras, has, hasHidden } from './screen-steps.ts';

/** A page of the program, and when it is ready to have its picture taken: in every language, at every size. */
export interface Shot {
  name: string;
  path: string;
  /** Which page it is, as `PAGES` of the client has it; `null` where nobody has a page. @default `path` without its query */
  page?: string | null;
  /** Whose page it is. @default 'situation' */
  user?: string;
  /** What goes on meanwhile: displays of a room are at work, much fails, or it is another nation. @default none of these */
  during?: 'room' | 'failures' | 'kz';
  /** Where the zone of alarms is. @default 'right' */
  alarms?: AlarmPlace;
  /** By day. @default 'dark' */
  theme?: 'light';
  /** @default all of them */
  sizes?: readonly Size[];
  ready(page: Page, cameras: Cameras): Promise<unknown>;
}

interface Size {
  width: number;
  height: number;
}

const DESK = { width: 1920, height: 1080 };
const HAND = { width: 390, height: 844 };
const ROOM = { width: 3840, height: 2160 };
/** A desk, a hand, a large display; the first is the one that a page is opened at. CSS pixels. */
export const SIZES = [DESK, HAND, ROOM] as const;
export const LANGUAGES = ['uk', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The file of one picture. */
export function pictureName(name: string, language: Language, width: number): string {
  return `${name}-${language}-${width}.webp`;
}

interface DisplayShot extends Pick<Shot, 'name' | 'sizes'> {
  state: ScreenState;
  ready(page: Page): Promise<unknown>;
}

/** Of a screen of a room, which nobody signs in at. */
export const DISPLAY_SHOTS: readonly DisplayShot[] = [
  { name: 'display-pairing', state: 'pairing', ready: has('[data-testid="pairing-code"]') },
  { name: 'display-empty', state: 'empty', sizes: [DESK], ready: has('[data-testid="data-age"]') },
  { name: 'display-playing', state: 'playing', ready: steps.playing },
  { name: 'display-revoked', state: 'revoked', ready: has('[role="alert"] button') },
];
/** The country on a screen, with an alarm beside it. */
export const MAP_SHOT = { name: 'display-map', sizes: [DESK, ROOM] } as const;
/** Two screens that show one scene, beside each other. */
export const SPAN_SHOT = { name: 'display-span', sizes: [DESK] } as const;

const WALL = '/?kind=cell&feedSource=edge';
const live = has('[data-state="live"]');
/** A desk by a window; rooms and hands at night are dark. */
const byDay = { theme: 'light', sizes: [DESK] } as const;
/** What opens over a page, at the sizes at which it is another thing. */
const atDesk = { sizes: [DESK] } as const;
/** What needs room beside the tiles. */
const beside = { sizes: [DESK, ROOM] } as const;
const FOCUSED = '/?region=UA-68&area=ua-68-itt-2-cell-1';

/** Every page that people use, by the account that uses it. Of details, one of each. */
export const SHOTS: readonly Shot[] = [
  { name: 'wall', path: WALL, ready: live },
  { name: 'wall-light', path: WALL, ...byDay, ready: live },
  { name: 'wall-bottom', path: WALL, alarms: 'bottom', ready: live },
  { name: 'wall-strip', path: `${WALL}&grid=strip`, ready: live },
  { name: 'wall-spotlight', path: `${WALL}&grid=spotlight`, ready: live },
  { name: 'wall-map', path: `${WALL}&grid=map`, ...beside, ready: steps.wallWithMap },
  { name: 'wall-list', path: `${WALL}&grid=list`, ...beside, ready: has('[data-listed]') },
  { name: 'wall-filter', path: WALL, sizes: [DESK, HAND], ready: steps.openFilter },
  {
    name: 'wall-empty',
    path: '/?text=nothing-is-called-so',
    ...atDesk,
    ready: has('text=/^(За цим фільтром|No area)/'),
  },
  { name: 'palette', path: WALL, ...atDesk, ready: steps.openPalette },
  { name: 'shortcuts', path: WALL, ...atDesk, ready: steps.openShortcuts },
  { name: 'focus', path: FOCUSED, ready: live },
  { name: 'raise', path: FOCUSED, ...atDesk, ready: steps.openRaise },
  {
    name: 'wall-failures',
    path: '/?region=UA-68&grid=25',
    during: 'failures',
    ...atDesk,
    ready: steps.failOnWall,
  },
  { name: 'map', path: '/map', ready: hasHidden('[data-facility-count="126"]') },
  {
    name: 'map-kz',
    path: '/map',
    during: 'kz',
    ...atDesk,
    ready: hasHidden('[data-facility-count]:not([data-facility-count="0"])'),
  },
  { name: 'map-light', path: '/map', ...byDay, ready: hasHidden('[data-facility-count="126"]') },
  { name: 'flags', path: '/flags', ready: steps.lookAtFlag },
  { name: 'flags-light', path: '/flags', ...byDay, ready: steps.lookAtFlag },
  { name: 'flags-picked', path: '/flags', ready: steps.pickBurst },
  { name: 'cases', path: '/cases', ready: has('a[data-case-id]') },
  { name: 'case', path: '/cases', page: '/cases/:facilityId/:caseId', ready: steps.openCase },
  {
    name: 'case-light',
    path: '/cases',
    page: '/cases/:facilityId/:caseId',
    ...byDay,
    ready: steps.openCase,
  },
  { name: 'handover', path: '/handover', page: '/handover/:id', ready: steps.openHandover },
  { name: 'handover-part', path: '/handover', ready: has('form textarea') },
  { name: 'handover-open', path: '/handover', user: 'duty-68', ready: has('form textarea') },
  { name: 'complaints', path: '/complaints', ready: has('[data-complaint]') },
  { name: 'hotline', path: '/complaints', user: 'hotline', ready: has('form textarea') },
  { name: 'figures', path: '/figures', ready: has('table') },
  { name: 'digest', path: '/figures', page: '/figures/digest', ready: steps.openDigest },
  { name: 'displays', path: '/displays', during: 'room', ready: steps.displaysAtWork },
  { name: 'displays-tours', path: '/displays/tours', during: 'room', ready: has('[data-tour]') },
  { name: 'displays-walls', path: '/displays/walls', during: 'room', ready: has('[data-wall]') },
  { name: 'displays-push', path: '/displays', during: 'room', ...atDesk, ready: steps.openPush },
  { name: 'displays-tour', path: '/displays/tours', during: 'room', ...atDesk, ready: steps.openTour },
  { name: 'alerts', path: '/alerts', ready: has('input[type="range"]') },
  {
    name: 'not-found',
    path: '/no-such-page',
    page: null,
    ...atDesk,
    ready: has('text=/^(Такої сторінки немає|There is no such page)$/'),
  },
  { name: 'account', path: '/account', ready: has('li code, li p') },
  { name: 'oncall', path: '/oncall', user: 'oncall', ready: has('article[data-flag-id]') },
  { name: 'oncall-call', path: '/oncall', user: 'oncall', ready: steps.openCall },
  { name: 'viewings', path: '/audit', user: 'oversight', ready: has('[data-viewing]') },
  { name: 'watching', path: '/audit/watching', user: 'oversight', ready: has('main h1') },
  { name: 'audit', path: '/audit/entries', user: 'oversight', ready: has('details') },
  { name: 'seals', path: '/audit/seals', user: 'oversight', ready: has('[data-seal]') },
  { name: 'holds', path: '/audit/holds', user: 'oversight', ready: has('[data-hold]') },
  { name: 'evidence', path: '/audit/evidence', user: 'oversight', ready: steps.lookAtEvidence },
  { name: 'closures', path: '/closures', user: 'oversight', ready: has('[data-closed]') },
  { name: 'admin', path: '/admin', user: 'admin', ready: has('[data-intake-key]') },
  { name: 'inspect', path: '/inspect', user: 'inspector', ready: has('a[data-room-id]') },
  { name: 'inspect-round', path: '/inspect/round', user: 'inspector', ready: steps.startRound },
  { name: 'inspect-people', path: '/inspect/people', user: 'inspector', ready: has('a[data-case-id]') },
  {
    name: 'inspect-room',
    path: '/inspect',
    page: '/inspect/room/:areaId',
    user: 'inspector',
    ready: steps.openRoom,
  },
  {
    name: 'inspect-room-record',
    path: '/inspect',
    page: '/inspect/room/:areaId/:form',
    user: 'inspector',
    ready: steps.openRoomRecord,
  },
  {
    name: 'inspect-person',
    path: '/inspect/people',
    page: '/inspect/person/:caseId',
    user: 'inspector',
    ready: steps.openPerson,
  },
  {
    name: 'inspect-person-record',
    path: '/inspect/people',
    page: '/inspect/person/:caseId/:form',
    user: 'inspector',
    ready: steps.openPersonRecord,
  },
  {
    name: 'inspect-records',
    path: '/inspect/people',
    page: '/inspect/records',
    user: 'inspector',
    ready: steps.makeRecords,
  },
  {
    name: 'inspect-mend',
    path: '/inspect/records',
    page: '/inspect/records/:recordId',
    user: 'inspector',
    ready: steps.mendRecord,
  },
];
