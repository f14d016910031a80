import { capture, runLong } from './command.ts';
import type { SystemNeed } from './step.ts';

/** How system packages can be installed from here. */
export type Installer = { state: 'apt' } | { state: 'none'; reason: string };

/** apt-get as root, or nothing: set-up never asks for a password and never calls sudo. */
export async function findInstaller(): Promise<Installer> {
  const apt = await capture('apt-get', ['--version']);
  if (apt.code !== 0) return { state: 'none', reason: 'there is no apt-get here' };
  if (process.getuid?.() !== 0)
    return { state: 'none', reason: 'only root may install packages, and this is another user' };
  return { state: 'apt' };
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}

/** Homebrew takes programs and libraries ("formulae") and whole applications ("casks") in separate commands. */
function toBrewCommand(names: string[]): string {
  const isCask = (name: string) => name.startsWith('--cask ');
  const formulae = names.filter((name) => !isCask(name));
  const casks = names.filter(isCask).map((name) => name.slice('--cask '.length));
  return [
    ...(formulae.length > 0 ? [`brew install ${formulae.join(' ')}`] : []),
    ...(casks.length > 0 ? [`brew install --cask ${casks.join(' ')}`] : []),
  ].join(' && ');
}

/** Everything that is missing and the commands that bring it, for a person to read. */
export function describeNeeds(needs: SystemNeed[], reason: string): string {
  const apt = unique(needs.flatMap((need) => need.apt));
  const brew = toBrewCommand(unique(needs.flatMap((need) => need.brew)));
  return [
    `This machine lacks what is named here. Set-up has installed nothing on it: ${reason}.`,
    ...unique(needs.map((need) => need.what)).map((what) => `  - ${what}`),
    '',
    `Debian, Ubuntu:  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${apt.join(' ')}`,
    `macOS:           ${brew}`,
  ].join('\n');
}

/** Installs with apt-get, never asking anything. A failed update is no reason to stop: the package may be at hand. */
export async function installWithApt(
  packages: string[],
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  note('apt-get update');
  let updateFailure = '';
  await runLong('apt-get', [...wait, 'update'], { env, signal }).catch((error: Error) => {
    updateFailure = `\n(apt-get update had failed before: ${error.message})`;
  });
  note(`apt-get install ${packages.join(' ')}`);
  try {
    await runLong('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...unique(packages)], {
      env,
      signal,
      onLine: (line) => {
        const step = /^(Unpacking|Setting up) (\S+)/.exec(line);
        if (step) note(`${step[1]?.toLowerCase()} ${step[2]}`);
      },
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}${updateFailure}`);
  }
}
