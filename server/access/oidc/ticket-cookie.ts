import { hkdfSync } from 'node:crypto';
import type { Request, Response } from 'express';
import { EncryptJWT, jwtDecrypt } from 'jose';
import { z } from 'zod';
import { OIDC_PATH } from './provider.ts';

const NAME = 'varta.oidc';
/** How long somebody may take at the provider. */
const TTL_S = 600;

const Stored = z.object({
  state: z.string().min(1).max(200),
  nonce: z.string().min(1).max(200),
  verifier: z.string().min(43).max(128),
  confirms: z.boolean(),
  returnTo: z.string().min(1).max(2_000),
});
export type StoredTicket = z.infer<typeof Stored>;

/**
 * Keeps what ties an answer of the provider to the browser that asked: in that browser, encrypted and only for a short
 * time. Nothing is kept here, so that strangers who begin to sign in can fill nothing.
 */
export interface TicketCookie {
  write(response: Response, ticket: StoredTicket): Promise<void>;
  /** Takes it away; undefined when there is none, or when it is not ours, or too old. */
  take(request: Request, response: Response): Promise<StoredTicket | undefined>;
}

export function createTicketCookie({ secret, secure }: { secret: string; secure: boolean }): TicketCookie {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'varta oidc ticket', 32));
  const attributes = { httpOnly: true, sameSite: 'strict', secure, path: OIDC_PATH } as const;
  return {
    write: async (response, ticket) => {
      const sealed = await new EncryptJWT(ticket)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setIssuedAt()
        .setExpirationTime(`${TTL_S}s`)
        .encrypt(key);
      response.cookie(NAME, sealed, { ...attributes, maxAge: TTL_S * 1000 });
    },
    take: async (request, response) => {
      response.clearCookie(NAME, attributes);
      const sealed = cookieOf(request.headers.cookie ?? '');
      if (sealed === undefined) return undefined;
      try {
        const { payload } = await jwtDecrypt(sealed, key);
        return Stored.safeParse(payload).data;
      } catch {
        return undefined;
      }
    },
  };
}

function cookieOf(header: string): string | undefined {
  const found = header.split(/; */).find((part) => part.startsWith(`${NAME}=`));
  return found?.slice(NAME.length + 1);
}
