import { LAYERS, type Layer } from '#contract/nation.ts';

const rank = (layer: Layer) => LAYERS.indexOf(layer);

/**
 * The layer of a feed that a viewer gets who asks for `asked` and may have `most`: the highest of the feed's layers that
 * is neither above what was asked nor above what is allowed, or the lowest one if that is allowed.
 *
 * @returns undefined when every layer of the feed is above what is allowed.
 */
export function chooseLayer(layers: readonly Layer[], asked: Layer, most: Layer): Layer | undefined {
  const allowed = layers.filter((layer) => rank(layer) <= rank(most));
  return allowed.findLast((layer) => rank(layer) <= rank(asked)) ?? allowed[0];
}

/**
 * Whether only layers flow that are above what a viewer may have. mediasoup takes a higher layer than the preferred one
 * when there is no other; then the consumer has to wait.
 */
export function isAboveCap(flowing: readonly Layer[], most: Layer): boolean {
  return flowing.length > 0 && flowing.every((layer) => rank(layer) > rank(most));
}
