import { expect, test } from 'vitest';
import { parseSettings } from '../config/settings/parse.ts';
import { SampleSettings } from '../config/settings/sample.ts';
import { ServerSettings } from '../config/settings/server.ts';
import { SfuSettings } from '../config/settings/sfu.ts';
import { createSecrets } from './secrets.ts';
import { toLocalOrigin, toServiceDefinitions } from './services.ts';
import { parseLocalSettings } from './settings.ts';

const settings = parseLocalSettings({ DATA_DIR: '.data', PORT: '8090' }, '/varta');
const secrets = createSecrets();

function define(environment: NodeJS.ProcessEnv = {}) {
  const machine = { root: '/varta', settings, secrets, redisUrl: 'unix:///varta/.data/redis/redis.sock' };
  return toServiceDefinitions({ ...machine, ports: { media: 44_500, control: 44_200 }, environment });
}

function envOf(name: string, environment?: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return define(environment).find((service) => service.name === name)?.env ?? {};
}

test('every service gets settings that it accepts', () => {
  expect(parseSettings(ServerSettings, envOf('server'))).toMatchObject({
    PORT: 8090,
    HOST: '127.0.0.1',
    SAMPLE: true,
  });
  expect(parseSettings(SfuSettings, envOf('sfu'))).toMatchObject({
    SFU_PORT: 44_500,
    SFU_CONTROL_PORT: 44_200,
  });
  expect(parseSettings(SampleSettings, envOf('sample'))).toMatchObject({
    SAMPLE_SERVER_URL: 'http://127.0.0.1:8090',
    DATA_DIR: '/varta/.data',
  });
});

test('what is compiled is kept where the data are, unless somebody says otherwise', () => {
  for (const name of ['server', 'sfu', 'sample'])
    expect(envOf(name).NODE_COMPILE_CACHE).toBe('/varta/.data/compile-cache');
  expect(envOf('server', { NODE_COMPILE_CACHE: '/elsewhere' }).NODE_COMPILE_CACHE).toBe('/elsewhere');
});

test('a secret goes to the service that needs it, and to no other', () => {
  const inherited = {
    SESSION_SECRET: 'inherited',
    GRANT_PRIVATE_JWK: 'inherited',
    AUDIT_PRIVATE_JWK: 'inherited',
    REDIS_URL: 'redis://inherited',
    TURN_SECRET: 'inherited',
    OIDC_CLIENT_SECRET: 'inherited',
    METRICS_TOKEN: 'inherited',
    ALERT_WEBHOOK_SECRET: 'inherited',
    PUSH_VAPID_PRIVATE_KEY: 'inherited',
  };
  const privateParts = [secrets.grantPrivateJwk.d, secrets.auditPrivateJwk.d];
  for (const part of privateParts) expect(JSON.stringify(envOf('server'))).toContain(part);
  for (const name of ['sfu', 'sample']) {
    const env = JSON.stringify(envOf(name, inherited));
    for (const part of privateParts) expect(env).not.toContain(part);
    expect(env).not.toContain(secrets.sessionSecret);
    expect(env).not.toContain('inherited');
  }
  expect(envOf('server', inherited)).toMatchObject({ TURN_SECRET: 'inherited', METRICS_TOKEN: 'inherited' });
  expect(envOf('sample')).not.toHaveProperty('REDIS_URL');
  expect(JSON.parse(envOf('sfu').GRANT_PUBLIC_JWKS ?? '')).toMatchObject({
    keys: [{ kid: secrets.grantPrivateJwk.kid, x: secrets.grantPrivateJwk.x, crv: 'Ed25519' }],
  });
});

test.each([
  ['0.0.0.0', 'http://127.0.0.1:8090'],
  ['192.168.1.5', 'http://192.168.1.5:8090'],
  ['::1', 'http://[::1]:8090'],
])('a server on %s is reached at %s', (HOST, origin) => {
  expect(toLocalOrigin({ ...settings, HOST })).toBe(origin);
});
