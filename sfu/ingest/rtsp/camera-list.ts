import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { FeedId } from '#contract/ids.ts';
import type { Layer } from '#contract/nation.ts';

/** Most cameras in a list; as many as a node has feeds. */
const MAX_CAMERAS = 10_000;
/** A password is a line, and whatever is longer is some other file. */
const MAX_PASSWORD_BYTES = 1_024;

const CameraUrl = z
  .string()
  .max(2_048)
  .transform((text, context) => {
    const url = URL.parse(text);
    if (url && /^rtsps?:$/.test(url.protocol) && url.hostname !== '') {
      if (url.username === '' && url.password === '') return url;
      context.addIssue('must not hold a name or password; they belong in "credentials"');
    } else context.addIssue('must be rtsp://host/… or rtsps://host/…');
    return z.NEVER;
  });

const Credentials = z
  .strictObject({
    username: z.string().min(1).max(256),
    passwordEnv: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable')
      .optional(),
    passwordFile: z.string().min(1).optional(),
  })
  .refine(
    (it) => (it.passwordEnv === undefined) !== (it.passwordFile === undefined),
    'needs either passwordEnv or passwordFile',
  );

const Stream = z.strictObject({ url: CameraUrl });

/** `{feedId: {high: {url}, low?: {url}, credentials?}}`: main stream and substream of each camera. */
const CameraFile = z
  .record(
    FeedId,
    z.strictObject({ high: Stream, low: Stream.optional(), credentials: Credentials.optional() }),
  )
  .refine((it) => Object.keys(it).length <= MAX_CAMERAS, `has more than ${MAX_CAMERAS} cameras`);

/** Who a camera is told that we are. Never logged, never sent to anybody but the camera. */
export interface CameraCredentials {
  username: string;
  password: string;
}

/** A camera that this node can pull. */
export interface Camera {
  streams: Readonly<Partial<Record<Layer, URL>>>;
  /** Read anew at each call, so that a mounted secret can be changed. @throws Error when it cannot be read. */
  credentials(): CameraCredentials | undefined;
}

export type CameraList = ReadonlyMap<FeedId, Camera>;

/** What is wrong with the list, by path; no line holds a value of it. */
export class CameraListError extends Error {
  constructor(problems: readonly string[]) {
    super(`SFU_CAMERAS_FILE is not right:\n${problems.map((line) => `  ${line}`).join('\n')}`);
    this.name = 'CameraListError';
  }
}

/**
 * Reads the cameras of a node, and sees to it that every password is there. Without a file it has none.
 *
 * @throws CameraListError
 */
export function readCameraList(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): CameraList {
  if (file === undefined) return new Map();
  const parsed = CameraFile.safeParse(readJson(file));
  if (!parsed.success) {
    throw new CameraListError(parsed.error.issues.map((it) => `${it.path.join('.') || file}: ${it.message}`));
  }
  const problems: string[] = [];
  const cameras = new Map<FeedId, Camera>();
  for (const [feedId, { high, low, credentials }] of Object.entries(parsed.data)) {
    const camera: Camera = {
      streams: { ...(low ? { low: low.url } : {}), high: high.url },
      credentials: () => {
        if (!credentials) return undefined;
        const { username, passwordEnv, passwordFile } = credentials;
        const password = passwordEnv
          ? environment[passwordEnv]
          : readPassword(resolve(dirname(file), passwordFile ?? ''));
        if (!password) throw new Error(`${passwordEnv ?? passwordFile} is empty or not set`);
        return { username, password };
      },
    };
    try {
      camera.credentials();
    } catch (error) {
      problems.push(`${feedId}.credentials: ${(error as Error).message}`);
    }
    cameras.set(feedId, camera);
  }
  if (problems.length > 0) throw new CameraListError(problems);
  return cameras;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    // A message of the JSON parser would quote the file.
    const why = error instanceof SyntaxError ? 'is not JSON' : `cannot be read (${codeOf(error)})`;
    throw new CameraListError([`${file}: ${why}`]);
  }
}

function readPassword(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file} cannot be read (${codeOf(error)})`);
  }
  if (text.length > MAX_PASSWORD_BYTES) throw new Error(`${file} is no password: it is too long`);
  // Editors and `echo` end a line; a secret that is mounted does not.
  return text.replace(/\r?\n$/, '');
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown';
