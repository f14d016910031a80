import { Scene } from '#contract/scenes.ts';
import type { Redis } from '../../adapters/redis/connect.ts';
import { keys } from '../../adapters/redis/keys.ts';
import { defineScript, runScript } from '../../adapters/redis/script.ts';

/** Versions of a scene that are kept beside the present one. */
const KEPT_VERSIONS = 50;

/**
 * A scene in place of the version that it was decided on, which joins those before. KEYS scenes, versions. ARGV id,
 * JSON expected ('' if there must be none), new JSON ('' to remove), versions kept.
 */
const CHANGE = defineScript(`
local before = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if before ~= ARGV[2] then return 0 end
if before ~= '' then
  redis.call('LPUSH', KEYS[2], before)
  redis.call('LTRIM', KEYS[2], 0, ARGV[4] - 1)
end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
`);

/** Scenes in Redis. Methods throw what the connection throws while Redis is away. */
export class SceneStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async all(): Promise<Scene[]> {
    return (await this.#redis.hVals(keys.scenes)).map((json) => Scene.parse(JSON.parse(json)));
  }

  async find(id: string): Promise<{ scene: Scene; json: string } | undefined> {
    const json = await this.#redis.hGet(keys.scenes, id);
    return typeof json === 'string' ? { scene: Scene.parse(JSON.parse(json)), json } : undefined;
  }

  /** Versions before the present one, newest first. */
  async versions(id: string): Promise<Scene[]> {
    const found = await this.#redis.lRange(keys.sceneVersions(id), 0, KEPT_VERSIONS - 1);
    return found.map((json) => Scene.parse(JSON.parse(json)));
  }

  /** False when it is not any more what the change was decided on. */
  async change(id: string, expectedJson: string, after: Scene | undefined): Promise<boolean> {
    const args = [id, expectedJson, after ? JSON.stringify(after) : '', String(KEPT_VERSIONS)];
    return (await runScript(this.#redis, CHANGE, [keys.scenes, keys.sceneVersions(id)], args)) === 1;
  }
}
