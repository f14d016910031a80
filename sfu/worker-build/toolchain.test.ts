import { expect, test } from 'vitest';
import type { CommandResult, Machine } from './machine.ts';
import { inspectToolchain } from './toolchain.ts';

function createMachine(answer: (command: string, args: string[]) => CommandResult, env = {}): Machine {
  return {
    env,
    capture: async (command, args) => answer(command, args),
    run: () => Promise.reject(new Error('nothing is run here')),
    withLock: (_path, action) => action(),
    say: () => {},
  };
}

const there = (stdout: string): CommandResult => ({ code: 0, stdout, stderr: '' });
const missing: CommandResult = { code: null, stdout: '', stderr: '' };

test('an empty machine lacks everything, at once', async () => {
  const toolchain = await inspectToolchain(createMachine(() => missing));
  if (toolchain.state === 'complete') throw new Error('nothing is there');
  expect(toolchain.needs.flatMap((need) => need.apt)).toEqual([
    ...['g++', 'cmake', 'ninja-build', 'flatbuffers-compiler', 'pkg-config'],
    ...['libuv1-dev', 'libssl-dev', 'libsrtp2-dev', 'libflatbuffers-dev', 'libabsl-dev'],
  ]);
});

test('a machine that lacks one library is told that one', async () => {
  const machine = createMachine((_command, args) => (args.includes('libsrtp2') ? missing : there('1.0\n')));
  expect(await inspectToolchain(machine)).toMatchObject({
    state: 'incomplete',
    needs: [{ apt: ['libsrtp2-dev'] }],
  });
});

test('compiler, library versions and flags make up the identity; the build tools do not', async () => {
  const answer = (command: string, args: string[]) =>
    there(command === 'pkg-config' ? `${args.at(-1)?.length}.0\n` : `${command} 12.2\nCopyright\n`);
  expect(
    await inspectToolchain(createMachine(answer, { CXX: 'clang++', CXXFLAGS: '-march=native' })),
  ).toEqual({
    state: 'complete',
    identity: [
      ...[
        'clang++ 12.2',
        'libuv 5.0',
        'openssl 7.0',
        'libsrtp2 8.0',
        'flatbuffers 11.0',
        'absl_strings 12.0',
      ],
      '-march=native',
    ],
  });
});
