import type { SessionDescription } from 'sdp-transform';

/** A simulcast layer by its `a=rid` line: its name, and what the line says of it (RFC 8851). */
export interface NamedLayer {
  rid: string;
  /** Such as `max-width=1280;max-height=720`. */
  restrictions: Record<string, string>;
}

/** Names that publishers give to layers, smallest first. */
const FAMILIES: readonly (readonly string[])[] = [
  ['q', 'h', 'f'],
  ['l', 'm', 'h'],
  ['lo', 'mid', 'hi'],
  ['low', 'mid', 'high'],
  ['low', 'medium', 'high'],
  ['r0', 'r1', 'r2'],
];

/** Restrictions that order layers by what they cost, strongest sign first. */
const MEASURES = ['max-height', 'max-width', 'max-fs', 'max-br', 'max-pps'];

/**
 * The names of simulcast layers, smallest picture first. SDP itself does not say which is which: the order of
 * `a=simulcast` is one of preference (RFC 8853). So the restrictions of the layers decide, then names that speak for
 * themselves, then what is known of the program: libdatachannel (OBS) numbers its encoders from the largest on, pages in
 * browsers from the smallest.
 */
export function orderLayers(layers: readonly NamedLayer[], session: SessionDescription): string[] {
  const rids = layers.map(({ rid }) => rid);
  for (const measure of MEASURES) {
    const sizes = new Map(layers.map(({ rid, restrictions }) => [rid, Number(restrictions[measure])]));
    const known = [...sizes.values()].every((size) => Number.isFinite(size) && size > 0);
    if (known && new Set(sizes.values()).size === layers.length) {
      return rids.toSorted((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0));
    }
  }
  const family = FAMILIES.find((names) => rids.every((rid) => names.includes(rid.toLowerCase())));
  if (family) {
    return rids.toSorted((a, b) => family.indexOf(a.toLowerCase()) - family.indexOf(b.toLowerCase()));
  }
  return session.origin?.username === 'rtc' ? rids.toReversed() : rids;
}
