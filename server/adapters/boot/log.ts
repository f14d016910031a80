import { pino, stdTimeFunctions } from 'pino';
import type { ServerSettings } from '../../../config/settings.ts';

/** Never written, wherever a log line holds an object with such a field. */
const SECRET_FIELDS = [
  'password',
  'passwordHash',
  'totp',
  'key',
  'token',
  'secret',
  'authorization',
  'cookie',
];

/** The server's log: one JSON object a line, without secrets. `log.child({ module })` for a part of it. */
export function createLog({ level, replicaId }: { level: ServerSettings['LOG_LEVEL']; replicaId: string }) {
  return pino({
    level,
    base: { service: 'server', replica: replicaId },
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), remove: true },
  });
}

export type Log = ReturnType<typeof createLog>;
