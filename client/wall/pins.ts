import { MAX_PINS, Pin } from '#contract/layouts.ts';

/**
 * Areas in their order, but those that somebody gave a place of their own in that place. Pins of others mean nothing. Areas
 * are named by their ids, or otherwise, on both sides alike.
 */
export function pinAreas<T>(
  order: readonly T[],
  pins: readonly { place: number; areaId: T }[],
): readonly T[] {
  if (pins.length === 0) return order;
  const there = new Set(order);
  const held = pins.filter(({ areaId }) => there.has(areaId)).toSorted((a, b) => a.place - b.place);
  const isHeld = new Set(held.map(({ areaId }) => areaId));
  const after = order.filter((areaId) => !isHeld.has(areaId));
  for (const { place, areaId } of held) after.splice(place, 0, areaId);
  return after;
}

/** Two areas change places, and keep them. The oldest arrangement goes when there are too many. */
export function withSwap(pins: readonly Pin[], first: Pin, second: Pin): readonly Pin[] {
  if (first.place === second.place) return pins;
  const moved = [
    { place: second.place, areaId: first.areaId },
    { place: first.place, areaId: second.areaId },
  ];
  const others = pins.filter(
    ({ place, areaId }) => !moved.some((one) => one.place === place || one.areaId === areaId),
  );
  return [...others, ...moved].slice(-MAX_PINS);
}

/** Pins as parts of a URL, such as `4.ua-68-itt-2-cell-4`; what is none asks for nothing. */
export function pinsFromUrl(texts: readonly string[]): readonly Pin[] {
  const pins: Pin[] = [];
  for (const text of texts.slice(0, MAX_PINS)) {
    const dot = text.indexOf('.');
    const { data } = Pin.safeParse({ place: Number(text.slice(0, dot)), areaId: text.slice(dot + 1) });
    if (dot < 1 || !data) continue;
    if (pins.some(({ place, areaId }) => place === data.place || areaId === data.areaId)) continue;
    pins.push(data);
  }
  return pins;
}

export function pinToUrl({ place, areaId }: Pin): string {
  return `${place}.${areaId}`;
}
