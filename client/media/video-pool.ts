/**
 * The page's `<video>` elements: made once, handed to tiles, taken back, never thrown away. Browsers that make and drop
 * players all day run out of them.
 */
export interface VideoPool {
  /** An empty element; undefined when all are in use. */
  acquire(): HTMLVideoElement | undefined;
  release(video: HTMLVideoElement): void;
}

/** A 12 × 8 wall, and the same again while a page turns. */
export const MAX_VIDEOS = 192;

export function createVideoPool(create: () => HTMLVideoElement = createVideo, max = MAX_VIDEOS): VideoPool {
  const free: HTMLVideoElement[] = [];
  let made = 0;
  return {
    acquire() {
      const video = free.pop();
      if (video || made >= max) return video;
      made += 1;
      return create();
    },
    release(video) {
      video.srcObject = null;
      video.remove();
      free.push(video);
    },
  };
}

function createVideo(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.autoplay = true;
  video.disablePictureInPicture = true;
  video.disableRemotePlayback = true;
  // The tile around it has the name; the element itself has nothing to operate.
  video.tabIndex = -1;
  video.setAttribute('aria-hidden', 'true');
  return video;
}
