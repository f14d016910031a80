import { z } from 'zod';
import { AreaId, Instant } from './ids.ts';
import { MAX_DWELL_S, MAX_STEPS, MIN_DWELL_S, SceneContent } from './scenes.ts';
import { Scope } from './session.ts';

/** An enrolled screen, such as `d-k3v9x2m4qa`. Never used again. */
export const DisplayId = z.string().regex(/^d-[a-z2-9]{10}$/);
export type DisplayId = z.infer<typeof DisplayId>;

/** Letters and digits that nobody takes for one another when they are read from a screen across a room. */
export const PAIRING_ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
export const PAIRING_LENGTH = 8;
/** A code opens nothing after this. */
export const PAIRING_SECONDS = 300;

/** A pairing code as typed: with or without a hyphen, in either case. */
export const PairingCode = z
  .string()
  .max(20)
  .transform((typed) => typed.replaceAll(/[\s-]/g, '').toUpperCase())
  .pipe(z.string().regex(new RegExp(`^[${PAIRING_ALPHABET}]{${PAIRING_LENGTH}}$`)));

/** `POST /api/v1/display/pairing`: what a fresh screen shows. `timeZone`: of the nation, as IANA names it. */
export const Pairing = z.object({
  code: z.string(),
  expiresAt: Instant,
  serverTime: Instant,
  timeZone: z.string(),
});
export type Pairing = z.infer<typeof Pairing>;

/** A page says with this header that it asks as the display that its cookie names, whoever else is signed in. */
export const AS_DISPLAY_HEADER = 'x-varta-display';

/** Where a screen stands and how it is read; its text size follows from it. */
export const DisplayPlacing = z.strictObject({
  name: z.string().trim().min(1).max(60),
  place: z.string().trim().max(120).default(''),
  /** Of the picture, in inches, as screens are sold. */
  diagonalInches: z.number().min(5).max(500),
  /** From the eyes to the screen, in metres. */
  distanceM: z.number().min(0.3).max(50),
  /** An area with a flag of level 1 that nobody has answered comes to it by itself, whatever is on it. */
  spot: z.boolean().default(false),
});
export type DisplayPlacing = z.infer<typeof DisplayPlacing>;

/**
 * Height of what must be read in a tile, as the eye sees it: the level's word, the area, its facility, how many are in, and
 * the time of the clock. Of its capital letters, which is what `ISO 9241-303` measures, and 16 arc minutes at least.
 */
export const READ_ARC_MINUTES = 16;
/** Height of a capital letter in parts of the font's size: 1490 of 2048 units of Inter (`sCapHeight` of its table `OS/2`). */
const CAP_HEIGHT = 1490 / 2048;
/**
 * The smallest size of what must be read in a display's tiles at scale 1, in CSS pixels: `--tile-text` there. What merely
 * labels, and the lines around the tiles, have 12 of them at least, and so 12 arc minutes.
 */
const READ_TEXT_PX = 16;
const INCH_MM = 25.4;
const SMALLEST_SCALE = 0.75;
/** A page that has less room than this at scale 1, in CSS pixels, is as narrow as a phone's: no tile is told from another. */
const NARROWEST_PX = 400;

type Reading = Pick<DisplayPlacing, 'diagonalInches' | 'distanceM'>;
/** In CSS pixels; it fills the screen. */
interface DisplayPage {
  width: number;
  height: number;
}

/** The scale at which capitals of {@link READ_TEXT_PX} are as high as they have to be, whatever room that leaves. */
function wantedScale({ diagonalInches, distanceM }: Reading, { width, height }: DisplayPage): number {
  const pixelsPerMm = Math.hypot(width, height) / (diagonalInches * INCH_MM);
  const heightMm = 2 * distanceM * 1000 * Math.tan((READ_ARC_MINUTES / 60 / 2) * (Math.PI / 180));
  return (heightMm * pixelsPerMm) / (READ_TEXT_PX * CAP_HEIGHT);
}

/** How high the capitals of text of this size, in CSS pixels, are on a screen that the page fills; in arc minutes. */
export function capMinutesOf(
  fontPx: number,
  { diagonalInches, distanceM }: Reading,
  { width, height }: DisplayPage,
): number {
  const mmPerPixel = (diagonalInches * INCH_MM) / Math.hypot(width, height);
  const heightMm = fontPx * CAP_HEIGHT * mmPerPixel;
  return 2 * Math.atan(heightMm / 2 / (distanceM * 1000)) * (180 / Math.PI) * 60;
}

/**
 * The one number that a display's text size follows from: capitals of {@link READ_TEXT_PX} times this are 16 arc minutes
 * high at the viewing distance, as far as the page has the room; see {@link readMinutesOf}.
 */
export function scaleOf(reading: Reading, page: DisplayPage): number {
  const largest = Math.max(1, page.width / NARROWEST_PX);
  return Math.min(largest, Math.max(SMALLEST_SCALE, wantedScale(reading, page)));
}

/**
 * How high the capitals are of what must be read, in arc minutes: less than {@link READ_ARC_MINUTES} where the screen is too
 * small for its distance.
 */
export function readMinutesOf(reading: Reading, page: DisplayPage): number {
  return capMinutesOf(READ_TEXT_PX * scaleOf(reading, page), reading, page);
}

/** The part of one large picture that a display of a wall shows, in parts of the whole; bezels lie between the parts. */
export const Span = z.strictObject({
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().gt(0).max(1),
  height: z.number().gt(0).max(1),
});
export type Span = z.infer<typeof Span>;

/** The whole picture. */
export const WHOLE: Span = { x: 0, y: 0, width: 1, height: 1 };

/** Displays of one wall. */
export const MAX_WALL = 48;

/** One picture that goes over several displays. All of them show what any of them shows, and change at the same moment. */
const ShowPart = z.strictObject({
  /** All parts of the picture carry the same, and no other show does. */
  showId: z.uuid(),
  /** The kept wall that it was put on. */
  wallId: z.uuid(),
  /** Those that it was put on; one that shows something else by now has left it. */
  displayIds: z.array(DisplayId).min(1).max(MAX_WALL),
  /** What each of them may show: what one of them may not, none of them does. */
  scope: Scope,
});

/** What a display was told to show. */
export const Show = z.strictObject({
  /** Grows by one with everything that is done to it. */
  version: z.int().min(1),
  scenes: z.array(SceneContent).min(1).max(MAX_STEPS),
  /** How long each scene stays, in milliseconds. */
  dwellMs: z
    .int()
    .min(MIN_DWELL_S * 1000)
    .max(MAX_DWELL_S * 1000),
  isPaused: z.boolean(),
  /** The scene `anchorIndex` began at `anchorAt` by the server's clock; all others follow from that, on every display alike. */
  anchorIndex: z.int().min(0),
  anchorAt: Instant,
  pushedBy: z.string().min(1).max(64),
  pushedAt: Instant,
  /** Areas of the scenes that the display or the pusher may not see. */
  leftOut: z.int().min(0),
  /** The scenes go over several displays, and this one shows a part. @default the whole */
  span: Span.optional(),
  /** With a span: what it is a part of. */
  part: ShowPart.optional(),
  /** It is taken away then, from all parts of a wall at once. @default it stays */
  endsAt: Instant.optional(),
});
export type Show = z.infer<typeof Show>;

/** A show that has not been taken away by an instant of the server's clock. */
export function standingShow(show: Show | null, nowMs: number): Show | null {
  return show?.endsAt !== undefined && Date.parse(show.endsAt) <= nowMs ? null : show;
}

/** Where a tour is at an instant of the server's clock: which scene, and when the next one comes (`null`: not by itself). */
export function stepAt(
  { scenes, dwellMs, isPaused, anchorIndex, anchorAt }: Show,
  nowMs: number,
): { index: number; nextAtMs: number | null } {
  const anchorMs = Date.parse(anchorAt);
  if (isPaused || scenes.length < 2) return { index: anchorIndex % scenes.length, nextAtMs: null };
  const passed = Math.max(0, Math.floor((nowMs - anchorMs) / dwellMs));
  return { index: (anchorIndex + passed) % scenes.length, nextAtMs: anchorMs + (passed + 1) * dwellMs };
}

/** `GET /api/v1/display`: who a display is, and what it has to show. */
export const DisplaySelf = z.object({
  id: DisplayId,
  ...DisplayPlacing.shape,
  /** What it may see now: its own scope within that of who pushed. */
  scope: Scope,
  actions: z.array(z.string()),
  show: Show.nullable(),
  /** Of a show that goes over several displays: the parts that there are now. Empty without. */
  parts: z.array(Span).max(MAX_WALL),
  sample: z.boolean(),
  serverTime: Instant,
});
export type DisplaySelf = z.infer<typeof DisplaySelf>;

/** `POST /api/v1/display/health`, every ten seconds: what the display itself knows of how it does. */
export const DisplayHealthBody = z.strictObject({
  /** The browser believes that the page can be seen. */
  visible: z.boolean(),
  /** Frames that all tiles together decoded in a second. */
  decodedFps: z.number().min(0).max(100_000),
  tiles: z
    .array(z.strictObject({ areaId: AreaId.nullable(), state: z.string().max(20), held: z.boolean() }))
    .max(96),
  rows: z.int().min(0).max(20),
  columns: z.int().min(0).max(20),
  /** Which scene of the show is on. */
  step: z.int().min(0).max(MAX_STEPS),
  /** Of the show that it has; 0 without one. */
  showVersion: z.int().min(0),
  dataAgeMs: z.number().min(0).nullable(),
  /** Name of the client's build. */
  build: z.string().max(100),
  /** CSS pixels. */
  screen: z.strictObject({ width: z.int().min(0).max(100_000), height: z.int().min(0).max(100_000) }),
});
export type DisplayHealthBody = z.infer<typeof DisplayHealthBody>;

/** How often a display says how it does; one that is silent for three times as long is away. */
export const HEALTH_EVERY_MS = 10_000;
export const AWAY_AFTER_MS = 30_000;

export const DisplayHealth = z.strictObject({ ...DisplayHealthBody.shape, at: Instant });
export type DisplayHealth = z.infer<typeof DisplayHealth>;

/** A display as the console sees it. */
export const DisplayView = z.object({
  id: DisplayId,
  ...DisplayPlacing.shape,
  scope: Scope,
  enrolledBy: z.string(),
  enrolledAt: Instant,
  /** Of the shows and what else was changed; a change names the version that it was decided on. */
  version: z.int(),
  show: Show.nullable(),
  health: DisplayHealth.nullable(),
});
export type DisplayView = z.infer<typeof DisplayView>;

export const DisplayList = z.object({
  items: z.array(DisplayView),
  nextCursor: z.null(),
  serverTime: Instant,
});
export type DisplayList = z.infer<typeof DisplayList>;

/** `POST /api/v1/displays`: the screen that shows this code becomes a display. Without `scope`, the caller's own. */
export const EnrolBody = z.strictObject({
  ...DisplayPlacing.shape,
  code: PairingCode,
  scope: Scope.optional(),
});

/** `POST /api/v1/displays/{displayId}/revocation`. */
export const RevokeBody = z.strictObject({ reason: z.string().trim().max(200).default('') });

/** `POST /api/v1/displays/{displayId}/placing`: where it stands and how it is read, and whether alarms come to it. */
export const PlacingBody = DisplayPlacing;

/** `POST /api/v1/displays/push`: the same on all of these, or one picture over all of a wall, from the same moment on. */
export const PushBody = z.strictObject({
  displayIds: z.array(DisplayId).min(1).max(MAX_WALL),
  /** A kept wall, whose displays these are: each shows its part. */
  wallId: z.uuid().optional(),
  scenes: z.array(SceneContent).min(1).max(MAX_STEPS),
  dwellS: z.int().min(MIN_DWELL_S).max(MAX_DWELL_S).default(30),
});
export const Pushed = z.object({
  items: z.array(z.object({ displayId: DisplayId, version: z.int(), leftOut: z.int().min(0) })),
});

/**
 * `POST /api/v1/displays/{displayId}/tour`: pause, go on, or a step; on all displays of a wall at once, if this one shows a
 * part of something that goes over it.
 */
export const TourBody = z.strictObject({
  version: z.int().min(1),
  step: z.enum(['pause', 'resume', 'next', 'previous', 'clear']),
});

/** Names of the messages on `/console` to displays. */
export const DISPLAY_MESSAGES = {
  /** server → display: what it has to show has changed; it asks for it. */
  changed: 'display:changed',
} as const;
