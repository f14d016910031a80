/** Differences that come from rounding, in CSS pixels. */
const ROUNDING_PX = 1;

/** Whether every letter of an element can be read: none is cut off, and none lies beyond the edges of what is around it. */
export function isWhole(element: Element, around: readonly Element[]): boolean {
  const words = document.createRange();
  words.selectNodeContents(element);
  const boxes = [element, ...around].map((one) => one.getBoundingClientRect());
  return (
    element.checkVisibility({ visibilityProperty: true }) &&
    element.scrollWidth <= element.clientWidth + ROUNDING_PX &&
    element.scrollHeight <= element.clientHeight + ROUNDING_PX &&
    Array.from(words.getClientRects()).every((letters) => boxes.every((box) => isWithin(letters, box)))
  );
}

function isWithin(inner: DOMRect, outer: DOMRect): boolean {
  return (
    inner.left >= outer.left - ROUNDING_PX &&
    inner.right <= outer.right + ROUNDING_PX &&
    inner.top >= outer.top - ROUNDING_PX &&
    inner.bottom <= outer.bottom + ROUNDING_PX
  );
}
