import type { Machine, SystemNeed } from './machine.ts';

/** The compiler and libraries of this machine, or what is missing of them. */
export type Toolchain =
  | { state: 'complete'; identity: string[] }
  | { state: 'incomplete'; needs: SystemNeed[] };

const tools: readonly (SystemNeed & { command: string })[] = [
  { command: 'c++', what: 'C++ compiler', apt: ['g++'], brew: ['gcc'] },
  { command: 'cmake', what: 'CMake', apt: ['cmake'], brew: ['cmake'] },
  { command: 'ninja', what: 'Ninja', apt: ['ninja-build'], brew: ['ninja'] },
  { command: 'flatc', what: 'flatc', apt: ['flatbuffers-compiler'], brew: ['flatbuffers'] },
  { command: 'pkg-config', what: 'pkg-config', apt: ['pkg-config'], brew: ['pkgconf'] },
];

const libraries: readonly (SystemNeed & { module: string })[] = [
  { module: 'libuv', what: 'libuv headers', apt: ['libuv1-dev'], brew: ['libuv'] },
  { module: 'openssl', what: 'OpenSSL headers', apt: ['libssl-dev'], brew: ['openssl'] },
  { module: 'libsrtp2', what: 'libsrtp 2 headers', apt: ['libsrtp2-dev'], brew: ['srtp'] },
  { module: 'flatbuffers', what: 'FlatBuffers headers', apt: ['libflatbuffers-dev'], brew: ['flatbuffers'] },
  { module: 'absl_strings', what: 'Abseil headers', apt: ['libabsl-dev'], brew: ['abseil'] },
];

function toNeed({ what, apt, brew }: SystemNeed): SystemNeed {
  return { what: `${what} (to build the media worker)`, apt, brew };
}

/** Looks for everything that CMakeLists.txt uses; without pkg-config every library counts as missing. */
export async function inspectToolchain(machine: Machine): Promise<Toolchain> {
  const version = (command: string) =>
    machine.capture(command === 'c++' ? machine.env.CXX || 'c++' : command, ['--version']);
  const [toolResults, libraryResults] = await Promise.all([
    Promise.all(tools.map((tool) => version(tool.command))),
    Promise.all(libraries.map((library) => machine.capture('pkg-config', ['--modversion', library.module]))),
  ]);
  const needs = [
    ...tools.filter((_, index) => toolResults[index]?.code !== 0),
    ...libraries.filter((_, index) => libraryResults[index]?.code !== 0),
  ].map(toNeed);
  if (needs.length > 0) return { state: 'incomplete', needs };
  // CMake, Ninja and pkg-config do not change the binary; the compiler is first in `tools`.
  const compiler = toolResults[0]?.stdout.split('\n')[0] ?? '';
  const versions = libraries.map(
    (library, index) => `${library.module} ${libraryResults[index]?.stdout.trim()}`,
  );
  return { state: 'complete', identity: [compiler, ...versions, machine.env.CXXFLAGS ?? ''] };
}
