import { posix } from 'node:path';
import { CONTRACT_PACKAGES, layerOf, MAY_IMPORT, MAY_USE } from './layers.ts';
import type { Modules } from './read-modules.ts';

/** Everything in which modules do not keep to their layers, one line each. */
export function findViolations(modules: Modules): readonly string[] {
  return Array.from(modules.keys(), (path) => violationsOf(path, modules)).flat();
}

/** Those of one module. */
export function violationsOf(path: string, modules: Modules): readonly string[] {
  return (modules.get(path) ?? []).flatMap((specifier) => violationsOfImport(path, specifier, modules));
}

function violationsOfImport(path: string, specifier: string, modules: Modules): string[] {
  const from = layerOf(path);
  if (!from) return [`${path} is in no layer`];
  const target = resolveOwn(path, specifier);
  if (target === undefined) return packageViolations(path, specifier);
  if (!/\.tsx?$/.test(target)) return [];
  if (!modules.has(target)) return [`${path} imports ${specifier}, which does not exist`];
  const to = layerOf(target);
  if (!to) return [`${target} is in no layer`];
  const isOwnContract = target.startsWith('server/contract/') && path.startsWith('server/contract/');
  if (to === 'contract' && !isOwnContract && !specifier.startsWith('#contract/'))
    return [`${path} imports ${specifier}; the contract is imported as #contract/…`];
  return MAY_IMPORT[from].includes(to) ? [] : [`${path} (${from}) imports ${target} (${to})`];
}

function packageViolations(path: string, specifier: string): string[] {
  const from = layerOf(path);
  if (!from || specifier.startsWith('node:')) {
    return from === 'contract' ? [`${path} (contract) uses ${specifier}`] : [];
  }
  if (from === 'contract' && !CONTRACT_PACKAGES.test(specifier))
    return [`${path} (contract) uses ${specifier}`];
  const rule = MAY_USE.find(({ packages }) => packages.test(specifier));
  return rule && !rule.layers.includes(from) ? [`${path} (${from}) uses ${specifier}`] : [];
}

/** The path from the root of a module of ours; undefined for a package. */
function resolveOwn(path: string, specifier: string): string | undefined {
  const plain = specifier.split('?', 1)[0] ?? specifier;
  if (plain.startsWith('#contract/')) return plain.replace('#contract/', 'server/contract/');
  return plain.startsWith('.') ? posix.join(posix.dirname(path), plain) : undefined;
}
