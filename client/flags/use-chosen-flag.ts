import { useEffect, useState } from 'react';
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
  /** The one that a link led to, or the way back. */
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
  const [chosen, choose] = useState(asked);
  if (asked !== followed) {
    setFollowed(asked);
    if (asked !== undefined && asked !== chosen) {
      setLinked(asked);
      choose(asked);
    }
  }
  useEffect(() => {
    if (!isKept || chosen === undefined) return undefined;
    const timer = setTimeout(() => nameInAddress(chosen), REST_MS);
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

function nameInAddress(flagId: string): void {
  const url = new URL(location.href);
  if (url.searchParams.get(QUEUE_FLAG) === flagId) return;
  url.searchParams.set(QUEUE_FLAG, flagId);
  history.replaceState(history.state, '', url);
}
