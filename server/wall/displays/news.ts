import type { DisplayId } from '#contract/displays.ts';

/** Tells all replicas that a display shows something else, stands elsewhere, or is no more. */
export type DisplayNews = (displayId: DisplayId, news: 'changed' | 'revoked') => Promise<void>;
