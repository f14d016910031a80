/** What keys of the queue do to its elements; `false` where there is nothing for them to do. */

/** Controls that have a meaning of their own for Enter, and pictures that have one for arrows. */
const OWN_KEYS = 'a, button, summary, video';

/** Whether a key belongs to what has the keyboard, and not to the row around it. */
export function hasOwnKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(OWN_KEYS) !== null;
}

/** Whether something is in what stands beside the rows. */
export function isInDetail(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-flag-detail]') !== null;
}

/** The row that has the keyboard. */
export function focusedRow(): HTMLElement | undefined {
  return document.activeElement?.closest<HTMLElement>('li[data-row]') ?? undefined;
}

/** The flag of the row that has the keyboard. */
export function focusedFlagId(): string | undefined {
  return focusedRow()?.dataset.row;
}

/** Puts the keyboard on a row. */
export function focusRow(flagId: string): false | undefined {
  const box = document.querySelector<HTMLElement>(`input[data-pick="${CSS.escape(flagId)}"]`);
  return box ? void box.focus() : false;
}

/** Opens what folds open below the row that has the keyboard, and puts the keyboard there. */
export function openFold(name: 'course' | 'evidence'): false | undefined {
  const fold = focusedRow()?.querySelector<HTMLDetailsElement>(`details[data-fold="${name}"]`);
  const summary = fold?.querySelector<HTMLElement>('summary');
  if (!fold || !summary) return false;
  summary.focus();
  if (!fold.open) summary.click();
  return undefined;
}

/** Where stills would be it is said why there is none: that is read, once it is known. */
export function focusEvidence(within: Element | null | undefined): false | undefined {
  const evidence = within?.querySelector<HTMLElement>('[data-part="evidence"]');
  const isThere = evidence?.querySelector('[aria-busy], img, video') === null;
  return evidence && isThere ? void evidence.focus() : false;
}

/** Shows the next still that is offered within an element. */
export function showStill(within: Element | null | undefined): false | undefined {
  const offer = within?.querySelector<HTMLElement>('[data-show="still"]');
  return offer ? void offer.click() : false;
}
