import { join } from 'node:path';
import type { SfuPorts } from './ports.ts';
import { type Secrets, toPublicJwks } from './secrets.ts';
import type { LocalSettings } from './settings.ts';

/** One service of this machine: a name, its program, and the environment it alone gets. */
export interface ServiceDefinition {
  name: string;
  program: string;
  env: NodeJS.ProcessEnv;
}

/** Never handed on as they are: each service gets the secrets that it needs, and no others. */
const secretVariables = [
  'GRANT_PRIVATE_JWK',
  'GRANT_PUBLIC_JWKS',
  'AUDIT_PRIVATE_JWK',
  'SESSION_SECRET',
  'PERSONAL_DATA_KEY',
  'EVIDENCE_KEY',
  'REDIS_URL',
];

/** What somebody may set for the server alone: no other service has any use for it. */
const serverSecrets = [
  'ALERT_WEBHOOK_SECRET',
  'PUSH_VAPID_PRIVATE_KEY',
  'TURN_SECRET',
  'OIDC_CLIENT_SECRET',
  'METRICS_TOKEN',
];

/** What the services of one machine are made from. */
export interface Machine {
  root: string;
  settings: LocalSettings;
  secrets: Secrets;
  redisUrl: string;
  ports: SfuPorts;
  environment: NodeJS.ProcessEnv;
}

/** Where this machine reaches its own server. */
export function toLocalOrigin({ HOST, PORT }: LocalSettings): string {
  const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`;
}

/** The services in the order in which they start; they stop in the opposite one. */
export function toServiceDefinitions(machine: Machine): ServiceDefinition[] {
  const { root, settings, secrets, redisUrl, ports, environment } = machine;
  const shared: NodeJS.ProcessEnv = {
    NODE_ENV: 'production',
    // A service that has died is there again in half the time.
    NODE_COMPILE_CACHE: join(settings.DATA_DIR, 'compile-cache'),
    ...environment,
    DATA_DIR: settings.DATA_DIR,
  };
  for (const name of [...secretVariables, ...serverSecrets]) delete shared[name];
  const forServer = Object.fromEntries(serverSecrets.map((name) => [name, environment[name]]));
  return [
    {
      name: 'server',
      program: join(root, 'server', 'main.ts'),
      env: {
        ...shared,
        ...forServer,
        REDIS_URL: redisUrl,
        SAMPLE: 'true',
        PORT: String(settings.PORT),
        HOST: settings.HOST,
        SESSION_SECRET: secrets.sessionSecret,
        GRANT_PRIVATE_JWK: JSON.stringify(secrets.grantPrivateJwk),
        AUDIT_PRIVATE_JWK: JSON.stringify(secrets.auditPrivateJwk),
        PERSONAL_DATA_KEY: secrets.personalDataKey,
        EVIDENCE_KEY: secrets.evidenceKey,
      },
    },
    {
      name: 'sfu',
      program: join(root, 'sfu', 'main.ts'),
      env: {
        ...shared,
        REDIS_URL: redisUrl,
        SAMPLE: 'true',
        SFU_PORT: String(ports.media),
        SFU_CONTROL_PORT: String(ports.control),
        GRANT_PUBLIC_JWKS: JSON.stringify(toPublicJwks(secrets)),
      },
    },
    {
      name: 'sample',
      program: join(root, 'sample', 'main.ts'),
      env: { ...shared, SAMPLE_SERVER_URL: toLocalOrigin(settings) },
    },
  ];
}
