import { z } from 'zod';

/** What a secret may travel to: HTTPS, or a provider on this very machine. */
function isSafe(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** How people sign in through an identity provider, beside local accounts. */
export const oidcSettings = {
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .refine(isSafe, 'must be https')
    .optional()
    .describe(
      'Issuer of the identity provider (OpenID Connect) through which people may sign in. Default: local accounts only.',
    ),
  OIDC_CLIENT_ID: z.string().min(1).max(200).optional().describe('What the provider knows Varta as.'),
  OIDC_CLIENT_SECRET: z
    .string()
    .min(1)
    .optional()
    .describe('Proves to the provider that it is Varta. Default: none, a public client with PKCE.'),
  OIDC_SCOPE: z
    .string()
    .regex(/^openid(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must begin with openid')
    .default('openid profile')
    .describe('What is asked of the provider.'),
  OIDC_RIGHTS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JSON file that says which claims of the provider mean which role and region, see docs/operations.md; needed with OIDC_ISSUER.',
    ),
};
