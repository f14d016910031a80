/**
 * The last still of a feed, `GET /api/v1/feeds/{feedId}/poster.jpg`. Asked of the policy as watching is, at that moment:
 * a closed area gives none (`confidential`). A JPEG of at most {@link POSTER_MAX_WIDTH} pixels, never cached;
 * `not_found` when there is none. It is never shown without its age.
 */

/** Header with the instant of the picture (ISO 8601, milliseconds). `Age` says the same in whole seconds, `Last-Modified` too. */
export const POSTER_TAKEN_AT_HEADER = 'X-Varta-Taken-At';

export const POSTER_MAX_WIDTH = 320;
export const POSTER_MAX_HEIGHT = 180;

/** A still larger than this is not kept; at the quality that is used they have some 5 to 12 KB. */
export const POSTER_MAX_BYTES = 48_000;
