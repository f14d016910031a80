import { useMemo } from 'react';
import type { Flag } from '#contract/flags.ts';
import { useLive } from '../desk/desk-context.ts';
import { createOpenFlags } from './open-flags.ts';

export function useOpenFlags(): readonly Flag[] {
  return useLive(useMemo(createOpenFlags, []));
}
