import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { EscalationSets } from '../../../config/escalation/escalation.ts';
import { UA_ESCALATION } from '../../../config/escalation/ua.ts';
import type { ServerSettings } from '../../../config/settings/server.ts';

/** Problems of a file that are shown; the rest is more of the same. */
const SHOWN_PROBLEMS = 10;

/** The escalation of ESCALATION_FILE, or ours. Throws an Error that says what is wrong where. */
export async function loadEscalation({
  ESCALATION_FILE: file,
}: Pick<ServerSettings, 'ESCALATION_FILE'>): Promise<EscalationSets> {
  if (file === undefined) return UA_ESCALATION;
  const parsed = EscalationSets.safeParse(parseJson(await readFile(file, 'utf8'), file));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues
    .slice(0, SHOWN_PROBLEMS)
    .map(({ path, message }) => `  ${z.core.toDotPath(path)}: ${message}`);
  throw new Error(`${file} is no escalation:\n${lines.join('\n')}`);
}

/** Where alerts go beside the open pages, as far as it is set. */
export function toOutsideOptions(settings: ServerSettings) {
  const { ALERT_WEBHOOK_URL: url, ALERT_WEBHOOK_SECRET: secret } = settings;
  const {
    PUSH_VAPID_PUBLIC_KEY: publicKey,
    PUSH_VAPID_PRIVATE_KEY: privateKey,
    PUSH_CONTACT: contact,
  } = settings;
  return {
    webhook: url !== undefined && secret !== undefined ? { url, secret } : undefined,
    push:
      publicKey !== undefined && privateKey !== undefined && contact !== undefined
        ? {
            vapid: { publicKey, privateKey, contact },
            services: settings.PUSH_SERVICES,
            afterMs: settings.PUSH_AFTER_MS,
          }
        : undefined,
  };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON`, { cause: error });
  }
}
