/** Parts of the page of displays in their order; the first is shown when the path names none. */
export const DISPLAYS_PARTS = ['displays', 'tours', 'walls'] as const;
export type DisplaysPart = (typeof DISPLAYS_PARTS)[number];

/** Where a part stands. */
export function displaysPath(part: DisplaysPart): string {
  return part === DISPLAYS_PARTS[0] ? '/displays' : `/displays/${part}`;
}
