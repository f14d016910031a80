import type { VideoPool } from './video-pool.ts';

/** What a tile has painted: its videos and its still, in an element of the document. */
export interface TilePicture extends Disposable {
  /** The track whose frames are shown. */
  track(): MediaStreamTrack | undefined;
  /** Frames that the track's element has got so far. */
  frames(): number;
  /**
   * Shows a track. One that takes the place of a picture that moves is put behind it first, and comes forward with its
   * first frame: until then the picture before goes on.
   */
  show(track: MediaStreamTrack, options: { behind: boolean; onForward(): void }): void;
  /** Takes the pictures of videos away, not only the sight of them. */
  clear(): void;
  /** Puts a still over everything, or takes it away. */
  setStill(url: string | undefined): void;
  /** Calls back with the next frame. */
  onNextFrame(callback: () => void): void;
}

interface Layer {
  video: HTMLVideoElement;
  track: MediaStreamTrack;
}

export function createTilePicture(host: HTMLElement, pool: VideoPool): TilePicture {
  let front = pool.acquire();
  let frontTrack: MediaStreamTrack | undefined;
  let behind: Layer | undefined;
  let still: HTMLImageElement | undefined;
  if (front) host.append(front);

  function play(video: HTMLVideoElement, track: MediaStreamTrack): void {
    video.srcObject = new MediaStream([track]);
    // Refused only where autoplay of muted video is; the tile then says that no frame comes.
    video.play().catch(() => {});
  }

  function dropBehind(): void {
    if (!behind) return;
    delete behind.video.dataset.behind;
    pool.release(behind.video);
    behind = undefined;
  }

  function showBehind(track: MediaStreamTrack, onForward: () => void): boolean {
    const video = pool.acquire();
    if (!video) return false;
    const layer = { video, track };
    behind = layer;
    video.dataset.behind = '';
    host.append(video);
    play(video, track);
    video.requestVideoFrameCallback(() => {
      if (behind !== layer) return;
      behind = undefined;
      delete video.dataset.behind;
      if (front) pool.release(front);
      front = video;
      frontTrack = track;
      onForward();
    });
    return true;
  }

  return {
    track: () => frontTrack,
    frames: () => front?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
    show(track, { behind: isBehind, onForward }) {
      if (behind?.track === track) return;
      dropBehind();
      if (track === frontTrack) return;
      if (isBehind && showBehind(track, onForward)) return;
      frontTrack = track;
      if (front) play(front, track);
      onForward();
    },
    clear() {
      dropBehind();
      frontTrack = undefined;
      if (front) front.srcObject = null;
    },
    setStill(url) {
      if (url === undefined) {
        still?.remove();
        still = undefined;
        return;
      }
      if (!still) {
        still = document.createElement('img');
        // The tile's own words say what it is and how old.
        still.alt = '';
        host.append(still);
      }
      if (still.src !== url) still.src = url;
    },
    onNextFrame: (callback) => void front?.requestVideoFrameCallback(callback),
    [Symbol.dispose]() {
      this.clear();
      this.setStill(undefined);
      if (front) pool.release(front);
      front = undefined;
    },
  };
}
