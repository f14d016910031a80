import type { AreaId } from '#contract/ids.ts';

/** The card of the alarm zone on which the keyboard stands; key T leads there. */
export function cardInHand(): HTMLElement | undefined {
  return document.activeElement?.closest<HTMLElement>('#alarm-list [data-flag-id]') ?? undefined;
}

/** The one area that a card is about; none for a whole facility, and for several flags that are shown as one. */
export function areaOfCard(card: HTMLElement | undefined): AreaId | undefined {
  return card?.dataset.flagArea;
}
