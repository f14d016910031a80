import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** `sun_path` holds 104 bytes on macOS and 108 on Linux, the closing zero included. */
const longestSocketPathBytes = 103;

/** Where a socket may stand, and whether its folder is one that has to be made for it alone. */
export interface SocketPlace {
  path: string;
  /** A folder outside the data folder, to be made with mode 0700. */
  separateFolder?: string;
}

/**
 * The path of the private Redis's socket: in its own folder, or, where that path is too long for a socket, in a short
 * one under `temporary` that carries a hash of it.
 *
 * @throws when that is too long as well.
 */
export function toSocketPlace(redisDir: string, temporary: string): SocketPlace {
  const path = join(redisDir, 'redis.sock');
  if (Buffer.byteLength(path) <= longestSocketPathBytes) return { path };
  const hash = createHash('sha256').update(redisDir).digest('hex').slice(0, 16);
  const separateFolder = join(temporary, `varta-${hash}`);
  const short = join(separateFolder, 's');
  if (Buffer.byteLength(short) > longestSocketPathBytes) {
    throw new Error(
      `no socket path fits into ${longestSocketPathBytes} bytes: ${path}, ${short}. Shorten DATA_DIR.`,
    );
  }
  return { path: short, separateFolder };
}
