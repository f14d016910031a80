import type { IceCandidate, IceParameters } from 'mediasoup/types';
import type { IcePatched } from '#contract/control.ts';
import { buildIceFragment, parseIceFragment } from './ice-fragment.ts';
import { decideIceStep, type IceSession } from './ice-session.ts';

interface IceGenerationsOptions {
  /** The far end's, from its offer. */
  remoteUsernameFragment: string;
  /** Our answer, whose media sections a fragment names. */
  sdpAnswer: string;
  /** Begins another generation on the same transport; media go on. May reject. */
  restart(): Promise<IceParameters>;
  candidates(): readonly IceCandidate[];
  /** Draws the name of a generation. */
  newTag(): string;
}

/**
 * The generations of ICE of one session over HTTP (RFC 9725, 4.3): of an encoder, or of a player. We are ICE-lite:
 * candidates need not be known, the far end's checks tell where it is.
 */
export class IceGenerations {
  readonly #options: IceGenerationsOptions;
  #session: IceSession;

  constructor(options: IceGenerationsOptions) {
    this.#options = options;
    this.#session = { tag: options.newTag(), remoteUsernameFragment: options.remoteUsernameFragment };
  }

  /** Names the present generation. */
  get tag(): string {
    return this.#session.tag;
  }

  /**
   * Takes candidates, or restarts ICE. The old generation goes on until the new one has got through.
   *
   * @throws VartaError `precondition_failed`, `malformed`, and what the restart throws.
   */
  async patch(fragment: string, tag: string | undefined): Promise<IcePatched> {
    const step = decideIceStep(this.#session, parseIceFragment(fragment), { tag });
    if (step.type === 'trickle') return { iceTag: this.tag, fragment: null };
    const session = { tag: this.#options.newTag(), remoteUsernameFragment: step.remoteUsernameFragment };
    // Noted before it is waited for, so that a fragment of the former generation comes too late.
    this.#session = session;
    const iceParameters = await this.#options.restart();
    const { sdpAnswer } = this.#options;
    const iceCandidates = [...this.#options.candidates()];
    return { iceTag: session.tag, fragment: buildIceFragment({ iceParameters, iceCandidates, sdpAnswer }) };
  }
}
