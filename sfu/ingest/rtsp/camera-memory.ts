import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { Failures } from './retry.ts';
import type { RtspError } from './rtsp-error.ts';

/** While one stream finds out whether a camera that refused us lets us in now, the other waits so long at most. */
const KNOCK_MS = 15_000;

/**
 * What outlives a source: a camera that refuses is not asked again only because another viewer comes. What is wrong with
 * one stream is held against that stream; a password that is wrong is wrong for both.
 */
export class CameraMemory {
  readonly #ofStream = new Map<string, Failures>();
  readonly #ofCamera = new Map<FeedId, Failures>();

  /** What a stream has to wait for. */
  get(feedId: FeedId, layer: Layer): Failures | undefined {
    return this.#ofCamera.get(feedId) ?? this.#ofStream.get(nameOf(feedId, layer));
  }

  /** What went before a failure of this kind. */
  before(feedId: FeedId, layer: Layer, cause: Pick<RtspError, 'isOfCamera'>): Failures | undefined {
    return cause.isOfCamera ? this.#ofCamera.get(feedId) : this.#ofStream.get(nameOf(feedId, layer));
  }

  /** Notes that a stream could not be had. */
  note(
    feedId: FeedId,
    layer: Layer,
    { cause, failures }: { cause: Pick<RtspError, 'isOfCamera'>; failures: Failures },
  ): void {
    if (cause.isOfCamera) this.#ofCamera.set(feedId, failures);
    else this.#ofStream.set(nameOf(feedId, layer), failures);
  }

  /** A stream asks now (milliseconds since 1970). Where the camera has refused us, it asks for the other one as well. */
  knock(feedId: FeedId, nowMs: number): void {
    const failures = this.#ofCamera.get(feedId);
    if (failures) this.#ofCamera.set(feedId, { ...failures, retryAt: nowMs + KNOCK_MS });
  }

  /** The camera has let us in. */
  letIn(feedId: FeedId): void {
    this.#ofCamera.delete(feedId);
  }

  /** A stream played, and was not wanted any more. */
  forget(feedId: FeedId, layer: Layer): void {
    this.#ofStream.delete(nameOf(feedId, layer));
  }
}

const nameOf = (feedId: FeedId, layer: Layer) => `${layer} ${feedId}`;
