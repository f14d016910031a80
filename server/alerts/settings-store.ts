import { AlertSettings, DEFAULT_ALERT_SETTINGS } from '#contract/alerts.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { keys } from '../adapters/redis/keys.ts';

/** How people want to be told. Methods throw what the connection throws while Redis is away. */
export class SettingsStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async of(username: string): Promise<AlertSettings> {
    const json = await this.#redis.hGet(keys.alertSettings, username);
    return json === null ? DEFAULT_ALERT_SETTINGS : AlertSettings.parse(JSON.parse(json));
  }

  async set(username: string, settings: AlertSettings): Promise<void> {
    await this.#redis.hSet(keys.alertSettings, username, JSON.stringify(settings));
  }
}
