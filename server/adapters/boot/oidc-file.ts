import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OidcRights } from '../../../config/roles/oidc-rights.ts';
import type { ServerSettings } from '../../../config/settings/server.ts';
import { createProvider, OIDC_PATH, type Provider } from '../../access/oidc/provider.ts';

/** Problems of a file that are shown; the rest is more of the same. */
const SHOWN_PROBLEMS = 10;

/** The identity provider, as far as it is set, with what its claims mean. Throws an Error that says what is wrong where. */
export async function loadOidc(
  settings: ServerSettings,
  publicOrigin: string,
): Promise<{ provider: Provider; rights: OidcRights } | undefined> {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_RIGHTS_FILE: file } = settings;
  if (issuer === undefined || clientId === undefined || file === undefined) return undefined;
  const provider = createProvider({
    issuer,
    clientId,
    clientSecret: settings.OIDC_CLIENT_SECRET,
    scope: settings.OIDC_SCOPE,
    redirectUri: `${publicOrigin}${OIDC_PATH}/callback`,
    afterSignOut: `${publicOrigin}/`,
  });
  return { provider, rights: parseRights(await readFile(file, 'utf8'), file) };
}

function parseRights(text: string, file: string): OidcRights {
  const parsed = OidcRights.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues
    .slice(0, SHOWN_PROBLEMS)
    .map(({ path, message }) => `  ${z.core.toDotPath(path)}: ${message}`);
  throw new Error(`${file} says no rights:\n${lines.join('\n')}`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON`, { cause: error });
  }
}
