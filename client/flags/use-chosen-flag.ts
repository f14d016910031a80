import { useCallback, useEffect, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Flag } from '#contract/flags.ts';
import { QUEUE_FLAG, QUEUE_PAGE } from '../../config/roles/landing.ts';
import { useLive } from '../desk/desk-context.ts';
import { openFlagOf } from './open-flags.ts';

/** A pause on a row (ms). A key that is held down repeats every 30 to 50: whoever only passes asks for nothing. */
const REST_MS = 200;

interface ChosenFlag {
  /** The flag whose row was used last, or that the address names; of any kind, also one that is no flag. */
  chosen: string | undefined;
  /** The one that a link led to, or the way back, until another one is looked at. */
  linked: string | undefined;
  choose(flagId: string): void;
}

/**
 * The flag of the queue that somebody looks at.
 *
 * @param isKept whether the address names it as soon as it was rested on, so that it can be passed on and come back to
 */
export function useChosenFlag(isKept: boolean): ChosenFlag {
  const asked = flagIn(useSearch());
  const [followed, setFollowed] = useState(asked);
  const [linked, setLinked] = useState(asked);
  const [chosen, setChosen] = useState(asked);
  const choose = useCallback((flagId: string) => {
    setChosen(flagId);
    setLinked((before) => (before === flagId ? before : undefined));
  }, []);
  if (asked !== followed) {
    setFollowed(asked);
    if (asked !== undefined && asked !== chosen) {
      setLinked(asked);
      setChosen(asked);
    }
  }
  useEffect(() => {
    if (chosen === undefined) return undefined;
    const timer = setTimeout(() => nameInAddress(chosen, isKept), REST_MS);
    return () => clearTimeout(timer);
  }, [chosen, isKept]);
  return { chosen, linked, choose };
}

/** The open flag that the address of the queue names, for what is over the page. */
export function useAddressedFlag(): Flag | undefined {
  const [path] = useLocation();
  const named = flagIn(useSearch());
  return useLive((state) =>
    path === QUEUE_PAGE && named !== undefined ? openFlagOf(state, named) : undefined,
  );
}

/** True once this has stood for {@link REST_MS}. */
export function useRested(): boolean {
  const [rested, setRested] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setRested(true), REST_MS);
    return () => clearTimeout(timer);
  }, []);
  return rested;
}

function flagIn(search: string): string | undefined {
  return new URLSearchParams(search).get(QUEUE_FLAG) ?? undefined;
}

/** One that is not kept there takes the name of the one before away: whoever passes the address on means what they look at. */
function nameInAddress(flagId: string, isKept: boolean): void {
  const url = new URL(location.href);
  const named = url.searchParams.get(QUEUE_FLAG);
  if (named === flagId || (!isKept && named === null)) return;
  if (isKept) url.searchParams.set(QUEUE_FLAG, flagId);
  else url.searchParams.delete(QUEUE_FLAG);
  history.replaceState(history.state, '', url);
}
