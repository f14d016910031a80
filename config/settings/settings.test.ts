import { describe, expect, it } from 'vitest';
import { parseSettings, SettingsError } from './parse.ts';
import { ServerSettings } from './server.ts';
import { SfuSettings } from './sfu.ts';

const needed = {
  REDIS_URL: 'unix:///tmp/redis.sock',
  SESSION_SECRET: 's'.repeat(32),
  GRANT_PRIVATE_JWK: '{"kty":"OKP"}',
  AUDIT_PRIVATE_JWK: '{"kty":"OKP"}',
  PUBLIC_URL: 'https://varta.example',
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

  it('reads ICE servers and TURN addresses, and wants the secret beside them', () => {
    const settings = parseSettings(ServerSettings, {
      ...needed,
      ICE_SERVERS: '[{"urls":["stun:stun.example:3478"]}]',
      TURN_URLS: 'turn:t.example:3478?transport=udp, turns:t.example:443?transport=tcp',
      TURN_SECRET: 's'.repeat(16),
    });
    expect(settings.ICE_SERVERS).toEqual([{ urls: ['stun:stun.example:3478'] }]);
    expect(settings.TURN_URLS).toEqual([
      'turn:t.example:3478?transport=udp',
      'turns:t.example:443?transport=tcp',
    ]);
    expect(settings.TURN_TTL_S).toBe(43_200);
    for (const wrong of [
      { TURN_URLS: 'turn:t.example' },
      { TURN_SECRET: 's'.repeat(16) },
      { TURN_URLS: 'stun:t.example', TURN_SECRET: 's'.repeat(16) },
      { ICE_SERVERS: 'stun:t.example' },
      { ICE_SERVERS: '[{"urls":"stun:t.example"}]' },
    ])
      expect(() => parseSettings(ServerSettings, { ...needed, ...wrong })).toThrow(SettingsError);
  });

  it('wants HTTPS wherever others reach the server', () => {
    const { PUBLIC_URL: _, ...plain } = needed;
    const read = (more: object) => () => parseSettings(ServerSettings, { ...plain, ...more });
    for (const wrong of [{}, { HOST: '10.0.0.1' }, { PUBLIC_URL: 'http://varta.example' }])
      expect(read(wrong)).toThrow(/PUBLIC_URL: must be https/);
    for (const right of [
      { HOST: '127.0.0.1' },
      { HOST: '::1' },
      { SAMPLE: 'true' },
      { PUBLIC_URL: 'https://a.b' },
    ])
      expect(read(right)).not.toThrow();
  });

  it('lets others reach sample mode only where somebody says so', () => {
    const read = (more: object) => () =>
      parseSettings(ServerSettings, { ...needed, SAMPLE: 'true', ...more });
    for (const HOST of ['0.0.0.0', '::', '10.0.0.1', 'varta.example'])
      expect(read({ HOST }), HOST).toThrow(/HOST: sample mode has accounts .*SAMPLE_ON_NETWORK/);
    for (const right of [{}, { HOST: '127.0.0.1' }, { HOST: '0.0.0.0', SAMPLE_ON_NETWORK: 'true' }])
      expect(read(right)).not.toThrow();
  });

  it('wants the key that signs the audit, but for the sample', () => {
    const { AUDIT_PRIVATE_JWK: _, ...unsigned } = needed;
    expect(() => parseSettings(ServerSettings, unsigned)).toThrow(/AUDIT_PRIVATE_JWK: is needed.*make-keys/);
    expect(() => parseSettings(ServerSettings, { ...unsigned, SAMPLE: 'true' })).not.toThrow();
  });

  it('reads whose word is taken as a proxy’s', () => {
    const read = (TRUST_PROXY: string) =>
      parseSettings(ServerSettings, { ...needed, TRUST_PROXY }).TRUST_PROXY;
    expect(parseSettings(ServerSettings, needed).TRUST_PROXY).toEqual(['loopback', 'uniquelocal']);
    expect(read('10.0.0.0/8, fd00::/8 192.168.0.1')).toEqual(['10.0.0.0/8', 'fd00::/8', '192.168.0.1']);
    for (const wrong of ['true', '1', '*', '10.0.0.0/33', 'proxy.example', '10.0.0.0/8/8'])
      expect(() => read(wrong), wrong).toThrow(SettingsError);
  });

  it('wants all of an identity provider, over HTTPS', () => {
    const provider = {
      OIDC_ISSUER: 'https://id.example/realms/varta',
      OIDC_CLIENT_ID: 'varta',
      OIDC_RIGHTS_FILE: '/etc/varta/rights.json',
    };
    expect(parseSettings(ServerSettings, { ...needed, ...provider }).OIDC_SCOPE).toBe('openid profile');
    for (const wrong of [
      { ...provider, OIDC_RIGHTS_FILE: '' },
      { OIDC_ISSUER: provider.OIDC_ISSUER },
      { ...provider, OIDC_ISSUER: 'http://id.example' },
      { ...provider, OIDC_SCOPE: 'profile' },
    ])
      expect(() => parseSettings(ServerSettings, { ...needed, ...wrong })).toThrow(SettingsError);
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

it('keys for personal data: one, or the new one and the old one; a wrong one is never repeated', () => {
  const secret = Buffer.alloc(32, 7).toString('base64url');
  const read = (PERSONAL_DATA_KEY: string) =>
    parseSettings(ServerSettings, {
      REDIS_URL: 'redis://localhost',
      SESSION_SECRET: 'x'.repeat(32),
      GRANT_PRIVATE_JWK: '{}',
      AUDIT_PRIVATE_JWK: '{}',
      HOST: '127.0.0.1',
      PERSONAL_DATA_KEY,
    }).PERSONAL_DATA_KEY;
  const bytes = Buffer.from(secret, 'base64url');
  expect(read(`two:${secret}`)).toEqual([{ id: 'two', bytes }]);
  expect(read(`two:${secret}, one:${secret}`)).toEqual([
    { id: 'two', bytes },
    { id: 'one', bytes },
  ]);
  for (const text of [
    secret,
    `two:${secret}x`,
    `two:${secret.slice(1)}`,
    `T:${secret}`,
    `a:${secret},a:${secret}`,
  ]) {
    expect(() => read(text)).toThrow('PERSONAL_DATA_KEY');
    expect(() => read(text)).not.toThrow(secret.slice(1, 20));
  }
});
