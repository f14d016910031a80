import { VartaError } from '#contract/errors.ts';
import type { IceFragment } from './ice-fragment.ts';

/** One generation of ICE between an encoder and us. */
export interface IceSession {
  /** Names it in HTTP's `ETag` and `If-Match`. */
  tag: string;
  /** The encoder's username fragment: another one means that it has restarted ICE. */
  remoteUsernameFragment: string;
  /** The encoder's password, with which it restarted ICE; undefined for the generation of the offer. */
  restartPassword?: string;
}

/** Only news of the encoder's addresses, a new generation, or once more what began the present one. */
export type IceStep =
  | { type: 'trickle' }
  | { type: 'restart'; remoteUsernameFragment: string; restartPassword: string }
  | { type: 'repeat' };

/**
 * What a fragment asks for (RFC 9725, 4.3). `tag` is what the request's `If-Match` names, undefined for `*`.
 *
 * With `*` an encoder asks for a restart and for nothing else (4.3.3); one that names the username fragment and password
 * of the last restart again has not got its answer, and cannot do without. Who names the present tag has got it: that is
 * news of addresses (4.3.2).
 *
 * @throws VartaError `precondition_failed` when that is another generation than the present one, `malformed`.
 */
export function decideIceStep(
  session: IceSession,
  fragment: IceFragment,
  { tag }: { tag: string | undefined },
): IceStep {
  if (tag !== undefined && tag !== session.tag) throw new VartaError('precondition_failed');
  const { usernameFragment, password } = fragment;
  if (usernameFragment === undefined) return { type: 'trickle' };
  if (usernameFragment === session.remoteUsernameFragment) {
    const isRepeat = tag === undefined && password !== undefined && password === session.restartPassword;
    return { type: isRepeat ? 'repeat' : 'trickle' };
  }
  if (password === undefined) {
    throw new VartaError('malformed', 'An ICE restart needs a=ice-pwd beside the new a=ice-ufrag');
  }
  return { type: 'restart', remoteUsernameFragment: usernameFragment, restartPassword: password };
}
