import { z } from 'zod';
import { AlertReason } from '#contract/alerts.ts';
import type { Flag } from '#contract/flags.ts';
import { type FlagId, Instant, type RegionId } from '#contract/ids.ts';
import { RoleId } from '#contract/session.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';
import { defineScript, runScript } from '../adapters/redis/script.ts';
import { AUDIT_LUA } from '../audit/append.ts';
import type { AuditLog } from '../audit/audit.ts';
import type { StepKey } from './alert-ids.ts';

/** A step that was taken. `handed`: its alerts are in the queues of all recipients. */
export const TakenRecord = z.strictObject({
  key: z.custom<StepKey>((value) => typeof value === 'string' && /^(?:step|assigned):\d+$/.test(value)),
  step: z.int().min(0),
  reason: AlertReason,
  at: Instant,
  to: z.array(RoleId),
  recipients: z.array(z.string()),
  handed: z.boolean(),
});
export type TakenRecord = z.infer<typeof TakenRecord>;

const Steps = z.array(TakenRecord);

/** KEYS audit stream, audit head, escalations. ARGV 1-4 audit; flag id; expected JSON ('' for none); new JSON. */
const TAKE = defineScript(`${AUDIT_LUA}
local stored = redis.call('HGET', KEYS[3], ARGV[5]) or ''
if stored ~= ARGV[6] then return { 'changed', '' } end
if not audit_fits(KEYS[2], ARGV[1]) then return { 'head', audit_head(KEYS[2]) } end
redis.call('HSET', KEYS[3], ARGV[5], ARGV[7])
audit_write(KEYS[1], KEYS[2], ARGV[2], ARGV[3], ARGV[4])
return { 'done', '' }
`);

/** KEYS escalations. ARGV flag id, expected JSON, new JSON. */
const REPLACE = defineScript(`
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`);

const TakeReply = z.tuple([z.enum(['done', 'changed', 'head']), z.string()]);

/** The steps of a flag with the very text that Redis holds. */
export interface StoredSteps {
  steps: readonly TakenRecord[];
  json: string;
}

export const NO_STEPS: StoredSteps = { steps: [], json: '' };

/** What was escalated to whom. Methods throw what the connection throws while Redis is away. */
export class EscalationStore {
  readonly #redis: Redis;
  readonly #audit: Pick<AuditLog, 'withEntry'>;

  constructor({ redis, audit }: { redis: Redis; audit: Pick<AuditLog, 'withEntry'> }) {
    this.#redis = redis;
    this.#audit = audit;
  }

  async read(regionId: RegionId, flagIds: readonly FlagId[]): Promise<Map<FlagId, StoredSteps>> {
    if (flagIds.length === 0) return new Map();
    const found = await this.#redis.hmGet(keys.escalations(regionId), [...flagIds]);
    return new Map(
      flagIds.flatMap((id, index) => {
        const json = found[index];
        return json ? [[id, { steps: Steps.parse(JSON.parse(json)), json }] as const] : [];
      }),
    );
  }

  /** Takes a step, with its audit entry. False when another replica was faster. */
  async take(flag: Flag, before: StoredSteps, taken: TakenRecord): Promise<StoredSteps | undefined> {
    const steps = withoutOldRepeats([...before.steps, taken]);
    const json = JSON.stringify(steps);
    const draft = {
      actor: { kind: 'system', id: 'escalation' },
      action: 'flag.escalate',
      resource: flag.areaId === undefined ? `facility:${flag.facilityId}` : `area:${flag.areaId}`,
      outcome: 'done',
      details: {
        flag: flag.id,
        step: taken.step,
        reason: taken.reason,
        to: taken.to.join(' '),
        recipients: taken.recipients.length,
        people: taken.recipients.join(' ').slice(0, 1_000),
      },
    } as const;
    const isDone = await this.#audit.withEntry(flag.regionId, draft, async (prepared) => {
      const reply = await runScript(
        this.#redis,
        TAKE,
        [...prepared.keys, keys.escalations(flag.regionId)],
        [...prepared.args, flag.id, before.json, json],
      );
      const [outcome, head] = TakeReply.parse(reply);
      if (outcome === 'head') return { headMoved: head };
      return { result: outcome === 'done', appended: outcome === 'done' };
    });
    return isDone ? { steps, json } : undefined;
  }

  /** Notes that everybody has the alerts of the steps. False when another replica was faster. */
  async markHanded(flag: Flag, before: StoredSteps): Promise<boolean> {
    const json = JSON.stringify(before.steps.map((step) => ({ ...step, handed: true })));
    const args = [flag.id, before.json, json];
    return (await runScript(this.#redis, REPLACE, [keys.escalations(flag.regionId)], args)) === 1;
  }
}

/** Steps of a flag that are kept; a last step that comes again for days would fill its record. The audit has them all. */
const FIRST_KEPT = 20;
const LAST_KEPT = 30;

function withoutOldRepeats(steps: readonly TakenRecord[]): readonly TakenRecord[] {
  if (steps.length <= FIRST_KEPT + LAST_KEPT) return steps;
  return [...steps.slice(0, FIRST_KEPT), ...steps.slice(-LAST_KEPT)];
}
