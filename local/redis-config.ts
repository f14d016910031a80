/** What decides a private Redis's configuration. */
export interface PrivateRedisPlace {
  dataDir: string;
  socketPath: string;
}

/** A value as redis.conf quotes it. */
function quote(value: string): string {
  if (/[\n\r\0]/.test(value)) throw new Error('a path for Redis holds a line break');
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** The whole redis.conf of a private server. */
export function renderRedisConfig({ dataDir, socketPath }: PrivateRedisPlace): string {
  return [
    '# Written anew at every start.',
    '# No TCP: only this user on this machine can reach it.',
    'port 0',
    `unixsocket ${quote(socketPath)}`,
    'unixsocketperm 700',
    `dir ${quote(dataDir)}`,
    '',
    '# An acknowledged event is on the disk, whatever happens next.',
    'appendonly yes',
    'appendfsync always',
    'no-appendfsync-on-rewrite no',
    '# The append-only file holds everything. Snapshots beside it would fork and write it all once more, and add nothing.',
    'save ""',
    '# After a power cut the last write may be half there; it was not acknowledged, so it is dropped.',
    'aof-load-truncated yes',
    '',
    '# The record is never thrown away to make room: a full memory refuses writes.',
    'maxmemory-policy noeviction',
    '',
    'daemonize no',
    '# Warnings go to a file, since people read what the supervisor prints.',
    'loglevel warning',
    'logfile "redis.log"',
    '',
  ].join('\n');
}
