import { type NodeRecord, NodeRecord as NodeRecordSchema, SFU_KEYS } from '#contract/registry.ts';
import type { Redis } from './connect.ts';

const PING_TIMEOUT_MS = 1_000;

/** Whether Redis answers, soon enough to be of use. */
export async function answersPing(redis: Redis, timeoutMs = PING_TIMEOUT_MS): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  try {
    return await Promise.race([redis.ping().then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** The sfu nodes whose lease is alive and that take new viewers. */
export async function liveNodes(redis: Redis): Promise<readonly NodeRecord[]> {
  const nodeIds = await redis.sMembers(SFU_KEYS.nodes);
  if (nodeIds.length === 0) return [];
  const records = await redis.mGet(nodeIds.map(SFU_KEYS.node));
  return records.flatMap((json) => {
    const record = json === null ? undefined : parseNode(json);
    return record && !record.gone && !record.draining ? [record] : [];
  });
}

function parseNode(json: string): NodeRecord | undefined {
  try {
    return NodeRecordSchema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
