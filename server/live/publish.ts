import type { RegionId } from '#contract/ids.ts';
import { keys } from '../adapters/redis/keys.ts';
import type { DeltaRecords } from './live.ts';

/**
 * Lua for scripts that change what is live in a region: after its writes a script calls `live_publish` once, which
 * numbers the change and tells everyone. The message is JSON cut in two where the number goes, so that Redis need not
 * understand it.
 */
export const LIVE_LUA = `
local function live_publish(seq_key, channel, before, after)
  local seq = redis.call('INCR', seq_key)
  redis.call('PUBLISH', channel, before .. string.format('%.0f', seq) .. after)
  return seq
end
`;

/** Channel, and the two pieces of the message, as `live_publish` takes them. */
export function toPublishArgs(
  regionId: RegionId,
  atMs: number,
  records: DeltaRecords,
): [channel: string, before: string, after: string] {
  const rest = JSON.stringify({ at: new Date(atMs).toISOString(), ...records });
  return [keys.live(regionId), `{"regionId":${JSON.stringify(regionId)},"seq":`, `,${rest.slice(1)}`];
}
