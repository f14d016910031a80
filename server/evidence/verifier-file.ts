import { readFile } from 'node:fs/promises';
import { sha256 } from './manifest.ts';

/** What the included verifier is called. */
export const VERIFIER_NAME = 'varta-verify.mjs';

/** Its modules, each after those that it imports. */
const MODULES = ['canonical', 'audit-file', 'evidence-file', 'zip-file', 'varta-verify'] as const;
const FOLDER = new URL('../../verify/', import.meta.url);

/** The offline verifier as one file that needs nothing but Node, to be put beside what it verifies. */
export interface VerifierFile {
  name: string;
  bytes: Buffer;
  sha256: string;
}

/** Reads the modules of the verifier and puts them into one file. */
export async function loadVerifier(): Promise<VerifierFile> {
  const parts = await Promise.all(
    MODULES.map(async (name) => toPart(name, await readFile(new URL(`${name}.mjs`, FOLDER), 'utf8'))),
  );
  const bytes = Buffer.from(`${HEAD}${parts.join('')}`, 'utf8');
  return { name: VERIFIER_NAME, bytes, sha256: sha256(bytes) };
}

const HEAD = `#!/usr/bin/env node
// The verifier of Varta as one file: the modules of its folder verify/, one after another, as they are, but that each
// hands what it exports to those after it by way of this table.
const loaded = {};
`;

/** A module as a function, so that its names are its own. Throws where it has an import or an export of another form. */
function toPart(name: string, text: string): string {
  const exported: string[] = [];
  const body = text
    .replace(/^#!.*\n/, '')
    .replace(
      /^import \{ ([\w, ]+) \} from '(node:[\w/]+|\.\/[\w-]+\.mjs)';$/gm,
      (_, names: string, from: string) =>
        from.startsWith('node:')
          ? `const { ${names} } = await import('${from}');`
          : `const { ${names} } = loaded['${from}'];`,
    )
    .replace(
      /^export (async function\*?|function\*?|const|class) (\w+)/gm,
      (_, kind: string, own: string) => {
        exported.push(own);
        return `${kind} ${own}`;
      },
    );
  const strange = /^(?:import\b(?!\()|export\b).*$/m.exec(body);
  if (strange) throw new Error(`verify/${name}.mjs cannot be put into one file: ${strange[0]}`);
  return `\nloaded['./${name}.mjs'] = await (async () => {\n${body}return { ${exported.join(', ')} };\n})();\n`;
}
