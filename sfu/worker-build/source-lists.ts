/** The C++ files of the worker, relative to its folder. */
export interface SourceLists {
  worker: string[];
  libwebrtc: string[];
}

/**
 * Reads one list of file names out of a meson.build file: every `name = […]` and `name += […]`, in order. The `+=`
 * under `if not get_option('ms_use_builtin_bwe')` counts, since that option is off by default.
 *
 * @throws when the list is not there, is empty, or holds something that is no C++ file.
 */
export function parseMesonList(text: string, name: string): string[] {
  const uncommented = text.replace(/#.*$/gm, '');
  const lists = [
    ...uncommented.matchAll(new RegExp(`^[ \\t]*${name}[ \\t]*\\+?=[ \\t]*\\[([^\\]]*)\\]`, 'gm')),
  ];
  const files = lists.flatMap((list) =>
    [...(list[1] ?? '').matchAll(/'([^']*)'/g)].map((entry) => entry[1] ?? ''),
  );
  if (files.length === 0) throw new Error(`no list "${name}" in this meson.build`);
  const odd = files.find((file) => !/^[\w./-]+\.(cpp|cc)$/.test(file) || file.includes('..'));
  if (odd !== undefined) throw new Error(`"${odd}" in the list "${name}" is not a C++ file name`);
  return files;
}

/** What the worker's executable is made of, from the two meson.build files that its package ships. */
export function toSourceLists(workerMeson: string, libwebrtcMeson: string): SourceLists {
  return {
    worker: [...parseMesonList(workerMeson, 'common_sources'), 'src/main.cpp'],
    libwebrtc: parseMesonList(libwebrtcMeson, 'libwebrtc_sources').map((file) => `deps/libwebrtc/${file}`),
  };
}

/** The lists as the CMake file that CMakeLists.txt includes. */
export function renderCMakeSources(lists: SourceLists): string {
  const set = (name: string, files: string[]) =>
    `set(${name}\n${files.map((file) => `  ${file}`).join('\n')})\n`;
  return set('WORKER_SOURCES', lists.worker) + set('LIBWEBRTC_SOURCES', lists.libwebrtc);
}
