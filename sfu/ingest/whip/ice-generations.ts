import type { IceCandidate, IceParameters } from 'mediasoup/types';
import type { IcePatched } from '#contract/control.ts';
import { KeyedQueue } from '../../concurrency/keyed-queue.ts';
import { buildIceFragment, parseIceFragment } from './ice-fragment.ts';
import { decideIceStep, type IceSession, type IceStep } from './ice-session.ts';

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
 *
 * A restart that fails leaves the former generation as it was (4.3.3: the existing ICE session is kept, and the far end
 * may try again). One that succeeded while its answer got lost may be asked for again by the same fragment: the answer is
 * the same `200` with the same end of ours and the same tag, which 4.3.3 asks for a restart, and our end does not change a
 * second time. An outdated tag is refused all the same (4.3.1).
 */
export class IceGenerations {
  readonly #options: IceGenerationsOptions;
  /**
   * One after another: what comes while a restart is under way is judged by what becomes of that, so that a fragment of
   * the former generation comes too late, or in time.
   */
  readonly #turns = new KeyedQueue();
  #session: IceSession;
  /** Our end of the present generation; null while that is the answer's. */
  #ourEnd: string | null = null;

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
   * @throws VartaError `precondition_failed`, `malformed`, `limit_reached`, and what the restart throws.
   */
  patch(fragment: string, tag: string | undefined): Promise<IcePatched> {
    return this.#turns.run('patch', async () => {
      const step = decideIceStep(this.#session, parseIceFragment(fragment), { tag });
      if (step.type === 'trickle') return { iceTag: this.tag, fragment: null };
      if (step.type === 'restart') await this.#restart(step);
      return { iceTag: this.tag, fragment: this.#ourEnd };
    });
  }

  /** Notes the new generation when it is there, and not before. */
  async #restart({
    remoteUsernameFragment,
    restartPassword,
  }: Extract<IceStep, { type: 'restart' }>): Promise<void> {
    const { sdpAnswer } = this.#options;
    const iceParameters = await this.#options.restart();
    const iceCandidates = [...this.#options.candidates()];
    this.#ourEnd = buildIceFragment({ iceParameters, iceCandidates, sdpAnswer });
    this.#session = { tag: this.#options.newTag(), remoteUsernameFragment, restartPassword };
  }
}
