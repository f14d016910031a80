import type { LiveRegistry } from '#contract/live.ts';
import { RegistryFromColumns } from '#contract/packed/registry.ts';
import type { Api } from '../session/api.ts';
import type { Failure, Outcome } from '../session/failure.ts';
import { beforeAskingAgain } from './ask-again.ts';
import { indexRegistry, type Registry } from './registry.ts';

interface LoadPorts {
  api: Pick<Api, 'call'>;
  /** Aborted when nobody needs it any more. */
  signal: AbortSignal;
}

/** Asks for the registry until there is one; undefined when nobody needs it any more. */
export async function loadRegistry({
  onFailure,
  ...ports
}: LoadPorts & { onFailure(answer: Failure): void }): Promise<Registry | undefined> {
  const { signal } = ports;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const answer = await askRegistry(ports);
    if (signal.aborted) break;
    if (answer.ok) return indexRegistry(answer.value);
    onFailure(answer);
    await beforeAskingAgain(attempt, signal);
  }
  return undefined;
}

/**
 * Asks for the registry until it is the one that is wanted: while replicas differ, another one may answer than the page is
 * connected to.
 */
export async function renewRegistry({
  isDone,
  version,
  onNew,
  ...ports
}: LoadPorts & {
  /** The wanted one is there, or nobody wants it any more. */
  isDone(): boolean;
  /** Of the registry that the page has. */
  version(): string | undefined;
  /** Another one than the page has. */
  onNew(registry: Registry): void;
}): Promise<void> {
  for (let attempt = 0; !isDone(); attempt += 1) {
    const answer = await askRegistry(ports);
    if (isDone()) break;
    if (answer.ok && answer.value.version !== version()) onNew(indexRegistry(answer.value));
    if (!isDone()) await beforeAskingAgain(attempt, ports.signal);
  }
}

function askRegistry({ api, signal }: LoadPorts): Promise<Outcome<LiveRegistry>> {
  return api.call('/api/v1/live/registry?form=packed', { reply: RegistryFromColumns, signal });
}
