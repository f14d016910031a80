import { type DestinationStream, type LoggerOptions, pino, stdSerializers, stdTimeFunctions } from 'pino';
import type { ServerSettings } from '../../../config/settings/server.ts';

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

interface LogOptions {
  level: ServerSettings['LOG_LEVEL'];
  replicaId: string;
  /** @default standard output */
  destination?: DestinationStream;
}

/** The server's log: one JSON object a line, without secrets. `log.child({ module })` for a part of it. */
export function createLog({ level, replicaId, destination = pino.destination(1) }: LogOptions) {
  const options: LoggerOptions = {
    level,
    base: { service: 'server', replica: replicaId },
    serializers: { err: stdSerializers.err, error: stdSerializers.err },
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), remove: true },
  };
  return pino(options, destination);
}

export type Log = ReturnType<typeof createLog>;
