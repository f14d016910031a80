import { describe, expect, it } from 'vitest';
import { parseSettings, ServerSettings, SettingsError, SfuSettings } from './settings.ts';

const needed = {
  REDIS_URL: 'unix:///tmp/redis.sock',
  SESSION_SECRET: 's'.repeat(32),
  GRANT_PRIVATE_JWK: '{"kty":"OKP"}',
};

describe('parseSettings', () => {
  it('fills defaults, reads numbers and flags, and freezes the result', () => {
    const settings = parseSettings(ServerSettings, { ...needed, PORT: '9000', SAMPLE: '1', HOME: '/root' });
    expect(settings).toMatchObject({ PORT: 9000, SAMPLE: true, DATA_DIR: '.data', LOG_LEVEL: 'info' });
    expect(settings).not.toHaveProperty('HOME');
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('takes an empty variable as unset', () => {
    expect(parseSettings(ServerSettings, { ...needed, PORT: '' }).PORT).toBe(8080);
  });

  it('names every setting that is wrong, and shows no value of a secret', () => {
    const attempt = () =>
      parseSettings(ServerSettings, {
        ...needed,
        PORT: '99999',
        REDIS_URL: 'localhost',
        SESSION_SECRET: 'hunter2',
      });
    expect(attempt).toThrow(SettingsError);
    expect(attempt).toThrow(/REDIS_URL: [\s\S]*PORT: [\s\S]*SESSION_SECRET: /);
    expect(attempt).not.toThrow(/hunter2/);
  });

  it('wants the sfu to know the public keys', () => {
    expect(() => parseSettings(SfuSettings, { REDIS_URL: needed.REDIS_URL })).toThrow(/GRANT_PUBLIC_JWKS/);
  });
});
