import { CLIP_MAX_BYTES, type ClipEnd, type ClipId } from '#contract/clips.ts';
import type { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';
import type { ClipRoom } from './clip-room.ts';
import type { PictureTaker } from './feed-recorder.ts';
import type { Picture } from './picture.ts';
import { SealedPictures } from './sealed-pictures.ts';

/** What a picture takes: encrypted here, and again in the file that is made of it. */
const COPIES = 2;
/** Timers of Node fire a little early. */
const SLACK_MS = 5;

interface ClipParts {
  id: ClipId;
  feedId: FeedId;
  layer: Layer | undefined;
  /** The moment that it is about, how far it goes back and on from there; milliseconds. */
  atMs: number;
  preMs: number;
  postMs: number;
  /** Until when its grant is in force; milliseconds since 1970. */
  grantedUntilMs: number;
  /** Where its pictures and files are counted. */
  room: Pick<ClipRoom, 'take' | 'giveBack'>;
  /** Called once, when there is nothing more to come. */
  onEnd(): void;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** The pictures of a clip, encrypted like those of a ring, with a key of its own: it outlives the ring that it began with. */
export class Clip implements PictureTaker, Disposable {
  readonly id: ClipId;
  readonly feedId: FeedId;
  readonly layer: Layer | undefined;
  readonly atMs: number;
  readonly pictures = new SealedPictures();
  readonly #parts: ClipParts;
  #grantedUntilMs: number;
  #hasBegun = false;
  #end: ClipEnd | undefined;
  #takenBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ClipParts) {
    this.#parts = parts;
    this.id = parts.id;
    this.feedId = parts.feedId;
    this.layer = parts.layer;
    this.atMs = parts.atMs;
    this.#grantedUntilMs = parts.grantedUntilMs;
  }

  /** Ends by itself from now on; to be called when it has what was kept. */
  begin(): void {
    this.#hasBegun = true;
    this.#look(this.#parts.now());
    this.#schedule();
  }

  /** Why it has ended; undefined while it goes on. */
  get ended(): ClipEnd | undefined {
    return this.#end;
  }

  /** The beginning that was asked for; milliseconds since 1970. */
  get fromMs(): number {
    return this.atMs - this.#parts.preMs;
  }

  get #untilMs(): number {
    return this.atMs + this.#parts.postMs;
  }

  /** Another grant of the same feed holds until then (milliseconds since 1970). */
  renew(grantedUntilMs: number): void {
    this.#grantedUntilMs = Math.max(this.#grantedUntilMs, grantedUntilMs);
    this.#schedule();
  }

  take(picture: Picture): void {
    if (this.#end) return;
    this.#look(picture.atMs);
    if (this.#end) return;
    const bytes = COPIES * picture.bytes.length;
    if (this.#takenBytes + bytes > CLIP_MAX_BYTES || !this.#parts.room.take(bytes)) {
      this.end('full');
      return;
    }
    this.#takenBytes += bytes;
    this.pictures.add(picture);
  }

  end(why: ClipEnd): void {
    if (this.#end) return;
    this.#end = why;
    clearTimeout(this.#timer);
    this.#parts.onEnd();
  }

  [Symbol.dispose](): void {
    this.end('ended');
    this.pictures.wipe();
    this.#parts.room.giveBack(this.#takenBytes);
    this.#takenBytes = 0;
  }

  #look(nowMs: number): void {
    if (nowMs >= this.#grantedUntilMs) this.end('grant');
    else if (nowMs >= this.#untilMs) this.end('complete');
  }

  #schedule(): void {
    if (this.#end || !this.#hasBegun) return;
    clearTimeout(this.#timer);
    const nowMs = this.#parts.now();
    const nextMs = Math.min(this.#grantedUntilMs, this.#untilMs);
    this.#timer = setTimeout(
      () => {
        this.#look(this.#parts.now());
        this.#schedule();
      },
      Math.max(1, nextMs - nowMs + SLACK_MS),
    );
  }
}
