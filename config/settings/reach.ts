import { isIP } from 'node:net';
import { z } from 'zod';
import { Flag } from './values.ts';

const WORDS: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

function isAddress(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** Addresses, networks, or the words of express for the usual ones. */
const Proxies = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((one) => one !== ''))
  .pipe(
    z
      .array(
        z
          .string()
          .refine(
            (one) => WORDS.has(one) || isAddress(one),
            'must be an address, a network such as 10.0.0.0/8, loopback, linklocal or uniquelocal',
          ),
      )
      .min(1),
  );

/** Why sample mode is not reached by others unless somebody says so. */
export const SAMPLE_ON_LOOPBACK =
  'sample mode has accounts whose password everybody knows, and may go without TLS: listen on 127.0.0.1, or say SAMPLE_ON_NETWORK=true';

/** How the server is reached, and by whom. */
export const reachSettings = {
  TRUST_PROXY: z
    .union([Proxies, z.array(z.string())])
    .default(['loopback', 'uniquelocal'])
    .describe(
      'Whose word is taken for who asks and whether they use HTTPS: addresses of the proxy in front, divided by commas (loopback, uniquelocal: private networks). Only with an https PUBLIC_URL.',
    ),
  SAMPLE_ON_NETWORK: Flag.default(false).describe(
    'Lets others reach sample mode, whose accounts have a known password: for a demonstration, on a network of its own.',
  ),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe(
      'Bearer token that opens /metrics, at least 16 characters. Default: only this machine may read it.',
    ),
};

/** Whether an address to listen on is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
