import { startProgress } from './early/progress.mjs';
import type { Finding, FoundEnvironment, Step, StepContext } from './step.ts';
import { describeNeeds, findInstaller, installWithApt } from './system-packages.ts';

/** A step with what it found. */
interface Inspected {
  step: Step;
  finding: Finding;
}

/** A failure that names its step. */
export class StepError extends Error {
  override readonly name = 'StepError';

  constructor(title: string, cause: unknown) {
    super(`${title}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function inspect(step: Step, context: StepContext): Promise<Inspected> {
  try {
    return { step, finding: await step.inspect(context) };
  } catch (error) {
    throw new StepError(step.title, error);
  }
}

/** Looks at every step, so that a person learns all that is missing at once. */
async function inspectAll(steps: Step[], context: StepContext): Promise<Inspected[]> {
  const settled = await Promise.allSettled(steps.map((step) => inspect(step, context)));
  const failures = settled.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as Error] : [],
  );
  if (failures.length > 0) throw new Error(failures.map((failure) => failure.message).join('\n'));
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

function toNeeds(inspected: Inspected[]) {
  return inspected.flatMap(({ finding }) => (finding.state === 'missing' ? finding.needs : []));
}

async function bringSystemPackages(inspected: Inspected[], context: StepContext): Promise<Inspected[]> {
  const needs = toNeeds(inspected);
  if (needs.length === 0) return inspected;
  const installer = await findInstaller();
  if (installer.state === 'none') throw new Error(describeNeeds(needs, installer.reason));
  const progress = startProgress('system packages');
  try {
    await installWithApt(
      [...new Set(needs.flatMap((need) => need.apt))],
      (text) => progress.note(text),
      context.signal,
    );
  } catch (error) {
    progress.fail();
    throw new StepError('system packages', error);
  }
  progress.done([...new Set(needs.flatMap((need) => need.apt))].join(', '));
  const again = await inspectAll(
    inspected.map(({ step }) => step),
    context,
  );
  const left = toNeeds(again);
  if (left.length > 0)
    throw new Error(describeNeeds(left, "apt-get has done what it can, and that wasn't enough"));
  return again;
}

async function finish({ step, finding }: Inspected): Promise<FoundEnvironment> {
  switch (finding.state) {
    case 'ready':
      return finding.env ?? {};
    case 'missing':
      throw new StepError(step.title, 'still missing');
    case 'to-do': {
      const progress = startProgress(step.title);
      try {
        const work = await finding.run((text) => progress.note(text));
        progress.done(work.summary);
        return work.env ?? {};
      } catch (error) {
        progress.fail();
        throw new StepError(step.title, error);
      }
    }
  }
}

/**
 * Brings everything that the steps name: first all system packages in one go, then each step's own work in order.
 *
 * @param keepFound takes where things were found, also when a later step fails.
 * @throws StepError, or an Error that lists all missing packages.
 */
export async function runSteps(
  steps: Step[],
  context: StepContext,
  keepFound: (found: FoundEnvironment) => Promise<void>,
): Promise<void> {
  const inspected = await bringSystemPackages(await inspectAll(steps, context), context);
  const isReady = ({ finding }: Inspected) => finding.state === 'ready';
  const found: FoundEnvironment = {};
  for (const one of inspected.filter(isReady)) Object.assign(found, await finish(one));
  await keepFound(found);
  for (const one of inspected.filter((other) => !isReady(other))) await keepFound(await finish(one));
}
