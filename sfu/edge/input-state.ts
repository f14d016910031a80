/**
 * Whether a layer comes that a camera sends to a port by itself. `awaited`: nothing has come yet, and whoever sends first is
 * listened to; `flowing`; `silent`: its sender stopped some seconds ago; `replaced`: it is silent, and somebody else sends
 * there, who is not listened to at a port that has its sender.
 */
export type InputState = 'awaited' | InputNews;

/** What a layer's state becomes. */
export type InputNews = 'flowing' | 'silent' | 'replaced';

/**
 * Whether all ports of a camera are to be opened anew, for whoever sends first. That ends what is made of them, so that
 * one layer that is silent by itself is waited for while the other one is sent on.
 */
export function isReopenDue(layers: readonly InputState[], { isTaken }: { isTaken: boolean }): boolean {
  if (layers.includes('replaced')) return true;
  return layers.includes('silent') && !(isTaken && layers.includes('flowing'));
}
