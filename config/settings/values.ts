import { z } from 'zod';

/** Reads `true`/`false`/`1`/`0` as people write them in an environment. */
export const Flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1')
  .meta({ values: 'true, false' });

/** A port of TCP or UDP. */
export const Port = z.coerce.number().int().min(1).max(65_535);

/** `redis://`, `rediss://`, or `unix:///path/to/socket`; or several nodes of a cluster, divided by commas. */
export const RedisUrl = z
  .string()
  .regex(
    /^(?:rediss?:\/\/[^,]+(?:,rediss?:\/\/[^,]+)*|unix:\/\/\/.+)$/,
    'must be redis://…, rediss://… or unix:///path; or nodes of a cluster, divided by commas',
  );

/** The nodes that a {@link RedisUrl} names, if it is a cluster. One that has a single node is named twice. */
export function clusterNodesOf(url: string): string[] | undefined {
  const nodes = url.startsWith('unix://') ? [] : url.split(',');
  return nodes.length > 1 ? nodes : undefined;
}

/** A JSON Web Key or a JSON array of them, as text. */
export const JsonText = z.string().refine((text) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}, 'must be JSON');

/** Keys that encrypt what is kept, `id:key`, divided by commas; the first encrypts, the others only decrypt. */
export const EncryptionKeys = z
  .string()
  .regex(
    /^[a-z0-9-]{1,32}:[A-Za-z0-9_-]{43}(?:, ?[a-z0-9-]{1,32}:[A-Za-z0-9_-]{43})*$/,
    'must be id:key, the key as 32 bytes in base64url',
  )
  .transform((text) =>
    text.split(',').map((one) => {
      const [id = '', secret = ''] = one.trim().split(':');
      return { id, bytes: Buffer.from(secret, 'base64url') };
    }),
  )
  .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'must not name two keys alike');
