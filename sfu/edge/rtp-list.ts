import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';

/** As many as one connection to the servers may serve. */
const MAX_CAMERAS = 200;

/** One layer as it comes in: H.264 over RTP, packetization-mode 1, to a port of its own. */
const RtpStream = z.strictObject({
  port: z.int().min(1).max(65_535),
  ssrc: z.int().min(1).max(0xffffffff),
  payloadType: z.int().min(0).max(127).default(96),
});
export type RtpStream = z.infer<typeof RtpStream>;

/** `{feedId: {high: {port, ssrc, payloadType?}, low?: …}}` */
const RtpFile = z
  .record(
    FeedId,
    z
      .strictObject({ low: RtpStream.optional(), high: RtpStream.optional() })
      .refine((it) => it.low !== undefined || it.high !== undefined, 'has no layer'),
  )
  .refine((it) => Object.keys(it).length <= MAX_CAMERAS, `has more than ${MAX_CAMERAS} cameras`)
  .refine((it) => {
    const ports = Object.values(it).flatMap(({ low, high }) => [low?.port, high?.port].filter(Boolean));
    return new Set(ports).size === ports.length;
  }, 'names a port twice');

/** Streams of each camera that sends RTP by itself. */
export type RtpList = ReadonlyMap<FeedId, Readonly<Partial<Record<Layer, RtpStream>>>>;

/** What is wrong with the list, by path. */
export class RtpListError extends Error {
  constructor(problems: readonly string[]) {
    super(`EDGE_RTP_FILE is not right:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'RtpListError';
  }
}

/** Reads the cameras that send RTP to the edge by themselves; without a file there are none. @throws RtpListError */
export function readRtpList(file: string | undefined): RtpList {
  if (file === undefined) return new Map();
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new RtpListError([`${file}: ${(error as Error).message}`]);
  }
  const parsed = RtpFile.safeParse(content);
  if (!parsed.success) {
    throw new RtpListError(parsed.error.issues.map((it) => `${it.path.join('.') || file}: ${it.message}`));
  }
  return new Map(
    Object.entries(parsed.data).map(([feedId, { low, high }]) => [
      feedId,
      { ...(low ? { low } : {}), ...(high ? { high } : {}) },
    ]),
  );
}
