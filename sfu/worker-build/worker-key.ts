import { createHash } from 'node:crypto';

/** Everything that decides what a built worker is and where it can run. */
export interface WorkerIdentity {
  mediasoupVersion: string;
  platform: string;
  arch: string;
  /** Contents of our own build files, in a fixed order. */
  buildFiles: string[];
  /** Compiler and library versions, and flags from the environment. Empty where there is no compiler. */
  toolchain: string[];
}

function shortHash(parts: string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return hash.digest('hex').slice(0, 12);
}

/** What is the same for every toolchain: a worker under this prefix was made from the same sources in the same way. */
export function toWorkerKeyPrefix(identity: WorkerIdentity): string {
  const { mediasoupVersion, platform, arch, buildFiles } = identity;
  return `${mediasoupVersion}-${platform}-${arch}-${shortHash(buildFiles)}-`;
}

/** The name of a built worker's folder in the cache. */
export function toWorkerKey(identity: WorkerIdentity): string {
  return toWorkerKeyPrefix(identity) + shortHash(identity.toolchain);
}

/** The name of a downloaded worker's folder in the cache. */
export function toPrebuiltKey(mediasoupVersion: string, platform: string, arch: string): string {
  return `${mediasoupVersion}-${platform}-${arch}-prebuilt`;
}
