import type { AuditCheckpoint } from '#contract/audit.ts';

const TIMEOUT_MS = 10_000;

/**
 * Gives checkpoints to a witness outside: `POST` of the checkpoint as JSON. Any answer of 2xx means that it has it; a
 * witness may be given one twice. What was refused is thrown, and is tried again later.
 */
export function createWitness(url: string): (checkpoint: AuditCheckpoint) => Promise<void> {
  return async (checkpoint) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(checkpoint),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok)
      throw new Error(`the witness answered ${response.status} to checkpoint ${checkpoint.seq}`);
  };
}
