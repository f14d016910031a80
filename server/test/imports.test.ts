import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findViolations, violationsOf } from './imports/find-violations.ts';
import { NAMED_MODULES } from './imports/layers.ts';
import { importsOf, readModules } from './imports/read-modules.ts';

const modules = await readModules(fileURLToPath(new URL('../..', import.meta.url)));

/** What is found of a module that is put into the repository. */
const planting = (path: string, text: string) =>
  violationsOf(path, new Map([...modules, [path, importsOf(text)]]));

describe('the direction of imports', () => {
  test('is kept by every module', () => {
    expect(findViolations(modules)).toEqual([]);
  });

  test('is looked at in every part', () => {
    expect(modules.size).toBeGreaterThan(200);
    for (const folder of ['client/', 'config/', 'sample/', 'server/contract/', 'server/adapters/', 'sfu/'])
      expect([...modules.keys()].filter((path) => path.startsWith(folder)).length).toBeGreaterThan(0);
    const imports = [...modules.values()].flat();
    expect(imports.length).toBeGreaterThan(modules.size);
    expect(imports).toContain('#contract/errors.ts');
  });

  test('edges and seams that are named exist', () => {
    for (const path of NAMED_MODULES) expect(modules.has(path), path).toBe(true);
  });
});

describe('a planted violation is found', () => {
  test.each([
    ['the contract uses Node', 'server/contract/planted.ts', "import { readFile } from 'node:fs/promises';"],
    ['the contract uses a package', 'server/contract/planted.ts', "import express from 'express';"],
    [
      'the contract imports a domain',
      'server/contract/planted.ts',
      "import { decide } from '../access/decide.ts';",
    ],
    [
      'a domain imports an adapter',
      'server/custody/planted.ts',
      "import { keys } from '../adapters/redis/keys.ts';",
    ],
    [
      'a domain imports only a type of one',
      'server/flags/planted.ts',
      "import type { Redis } from '../adapters/redis/connect.ts';",
    ],
    ['a domain imports an edge', 'server/flags/planted.ts', "import { FlagStore } from './flag-store.ts';"],
    ['a domain uses redis', 'server/custody/planted.ts', "import { createClient } from 'redis';"],
    ['a domain uses socket.io', 'server/live/planted.ts', "import type { Server } from 'socket.io';"],
    ['a domain uses express', 'server/nation/planted.ts', "export { Router } from 'express';"],
    ['a domain uses react', 'server/access/planted.ts', "const react = await import('react');"],
    ['a domain uses mediasoup', 'server/media/planted.ts', "import * as mediasoup from 'mediasoup';"],
    [
      'an adapter imports an edge',
      'server/adapters/http/planted.ts',
      "import { createFlagsModule } from '../../flags/module.ts';",
    ],
    [
      'an adapter imports main',
      'server/adapters/http/planted.ts',
      "import { startServer } from '../../wiring/start-server.ts';",
    ],
    [
      'an edge imports an adapter that is no seam',
      'server/flags/routes.ts',
      "import { createApp } from '../adapters/http/app.ts';",
    ],
    [
      'the sfu imports the server',
      'sfu/node/planted.ts',
      "import { keys } from '../../server/adapters/redis/keys.ts';",
    ],
    [
      'the client imports the server',
      'client/planted.ts',
      "import { decide } from '../server/access/decide.ts';",
    ],
    ['the client imports the sfu', 'client/planted.tsx', "import type {} from '../sfu/main.ts';"],
    [
      'the sample imports the server',
      'sample/planted.ts',
      "import { sampleAccounts } from '../server/access/sample-accounts.ts';",
    ],
    [
      'config imports the server',
      'config/planted.ts',
      "import { decide } from '../server/access/decide.ts';",
    ],
    [
      'what ships imports a fixture',
      'server/access/planted.ts',
      "import { startTestRedis } from '../test/fixtures/redis.ts';",
    ],
    ['the contract by its path', 'sfu/planted.ts', "import { ERRORS } from '../server/contract/errors.ts';"],
    ['a module that does not exist', 'sfu/planted.ts', "import { nothing } from './nothing.ts';"],
    ['a folder of no layer', 'server/utils/planted.ts', "import { z } from 'zod';"],
  ])('%s', (_, path, text) => {
    expect(planting(path, text)).toEqual([expect.stringContaining(path)]);
  });

  test('and what is allowed is not', () => {
    expect(planting('server/custody/planted.ts', "import { decide } from '../access/decide.ts';")).toEqual(
      [],
    );
    expect(planting('sfu/planted.ts', "import { ERRORS } from '#contract/errors.ts';")).toEqual([]);
    expect(
      planting('client/planted.tsx', "import { useState } from 'react'; import './planted.css';"),
    ).toEqual([]);
  });
});
