/** Oldest major version that we run on: streams, functions of SET and sharded pub/sub as of 7.0 are used. */
const MIN_MAJOR_VERSION = 7;

/** What a Redis says of itself; undefined where it did not say, or would not. */
export interface RedisFacts {
  /** Such as `7.0.15`. */
  version: string | undefined;
  maxmemoryPolicy: string | undefined;
  appendonly: boolean | undefined;
  appendfsync: string | undefined;
}

/** One thing that is not as it must be. */
export interface Objection {
  /** The directive of redis.conf, or `version`. */
  setting: string;
  reason: string;
  /** What to do about it. */
  change: string;
}

export interface Verdict {
  /** Not empty: this Redis must not be used. */
  refusals: readonly Objection[];
  /** What could not be checked, and must be made sure by whoever runs it. */
  unchecked: readonly Objection[];
}

/**
 * Whether a Redis may keep the record: new enough, never evicts, and has each write on disk before it answers. What it
 * does not tell (managed Redis may forbid CONFIG) is listed, not guessed.
 */
export function judgeRedis(facts: RedisFacts): Verdict {
  const verdicts: readonly (readonly [Objection, boolean | undefined])[] = [
    [
      {
        setting: 'version',
        reason: `Redis is ${facts.version ?? 'of unknown version'}; the record needs ${MIN_MAJOR_VERSION}.0 or newer`,
        change: `install Redis ${MIN_MAJOR_VERSION}.0 or newer`,
      },
      isNewEnough(facts.version),
    ],
    [
      {
        setting: 'maxmemory-policy',
        reason: `Redis may evict keys when memory is short (${said(facts.maxmemoryPolicy)}), and with them the record`,
        change: 'set maxmemory-policy noeviction',
      },
      facts.maxmemoryPolicy === undefined ? undefined : facts.maxmemoryPolicy === 'noeviction',
    ],
    [
      {
        setting: 'appendonly',
        reason: `Redis does not write its append-only file (${said(facts.appendonly)}); a restart loses the record`,
        change: 'set appendonly yes',
      },
      facts.appendonly,
    ],
    [
      {
        setting: 'appendfsync',
        reason: `Redis answers before a write is on disk (${said(facts.appendfsync)}); a power cut loses what was acknowledged`,
        change: 'set appendfsync always',
      },
      facts.appendfsync === undefined ? undefined : facts.appendfsync === 'always',
    ],
  ];
  return {
    refusals: verdicts.filter(([, fine]) => fine === false).map(([objection]) => objection),
    unchecked: verdicts.filter(([, fine]) => fine === undefined).map(([objection]) => objection),
  };
}

/** The facts in the text of INFO, and in CONFIG GET where that is allowed; CONFIG wins. */
export function parseRedisFacts(
  info: string,
  config: Readonly<Record<string, string>> | undefined,
): RedisFacts {
  const fields = new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );
  const appendonly = config?.appendonly ?? fields.get('aof_enabled');
  return {
    version: fields.get('redis_version'),
    maxmemoryPolicy: config?.['maxmemory-policy'] ?? fields.get('maxmemory_policy'),
    appendonly: appendonly === undefined ? undefined : appendonly === 'yes' || appendonly === '1',
    appendfsync: config?.appendfsync,
  };
}

/** True while INFO says that the data set is still being read from disk. */
export function isLoading(info: string): boolean {
  return /^loading:1\r?$/m.test(info);
}

/** Says why a Redis is refused, one line for each setting. */
export class UnsuitableRedisError extends Error {
  readonly refusals: readonly Objection[];

  constructor(refusals: readonly Objection[]) {
    super(
      `This Redis cannot keep the record:\n${refusals.map(({ reason, change }) => `  ${reason}: ${change}`).join('\n')}`,
    );
    this.name = 'UnsuitableRedisError';
    this.refusals = refusals;
  }
}

function isNewEnough(version: string | undefined): boolean | undefined {
  const major = Number.parseInt(version ?? '', 10);
  return Number.isNaN(major) ? undefined : major >= MIN_MAJOR_VERSION;
}

function said(value: string | boolean | undefined): string {
  if (value === undefined) return 'it does not say';
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : `it is ${value}`;
}
