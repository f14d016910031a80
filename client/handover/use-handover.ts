import { useCallback, useEffect, useState } from 'react';
import type { z } from 'zod';
import {
  type AcknowledgeItemBody,
  CurrentHandover,
  type EndHandoverBody,
  Handover,
  HandoverPage,
  type HandoverSummary,
  type OpenHandoverBody,
} from '#contract/handover.ts';
import { useDesk } from '../desk/desk-context.ts';
import type { FailureCode, Outcome } from '../session/failure.ts';

/** What has come up since is asked for so often while the page is open. */
const POLL_MS = 5_000;

/** What is known of a handover. `undefined`: not read yet; `null`: there is none. */
export interface HandoverState {
  handover: Handover | null | undefined;
  /** In short, every one that one's desk has open; of parts as well. */
  openNow: readonly HandoverSummary[];
  failure: FailureCode | undefined;
  pending: boolean;
  /** Undefined when it was refused. */
  open(body: z.input<typeof OpenHandoverBody>): Promise<Handover | undefined>;
  acknowledge(body: z.input<typeof AcknowledgeItemBody>): Promise<boolean>;
  addNote(text: string): Promise<boolean>;
  end(body: z.input<typeof EndHandoverBody>): Promise<boolean>;
}

/** The handover that is open for one's scope; or, with an id, that one. */
export function useHandover(id?: string): HandoverState {
  const { api } = useDesk();
  const [handover, setHandover] = useState<Handover | null>();
  const [openNow, setOpenNow] = useState<readonly HandoverSummary[]>([]);
  const [failure, setFailure] = useState<FailureCode>();
  const [pending, setPending] = useState(false);

  const read = useCallback(
    async (signal?: AbortSignal): Promise<Outcome<Handover | null>> => {
      const given = signal ? { signal } : {};
      if (id !== undefined) return api.call(`/api/v1/handovers/${id}`, { reply: Handover, ...given });
      const outcome = await api.call('/api/v1/handovers/current', { reply: CurrentHandover, ...given });
      if (outcome.ok && signal?.aborted !== true) setOpenNow(outcome.value.open);
      return outcome.ok ? { ok: true, value: outcome.value.handover } : outcome;
    },
    [api, id],
  );

  useEffect(() => {
    const leaving = new AbortController();
    const look = async () => {
      const outcome = await read(leaving.signal);
      if (leaving.signal.aborted) return;
      if (outcome.ok) setHandover((known) => (isNews(known, outcome.value) ? outcome.value : known));
      else setFailure((known) => known ?? outcome.code);
    };
    void look();
    const timer = setInterval(() => void look(), POLL_MS);
    return () => {
      clearInterval(timer);
      leaving.abort();
    };
  }, [read]);

  const post = async (path: string, body: unknown): Promise<Handover | undefined> => {
    setPending(true);
    setFailure(undefined);
    const outcome = await api.call(path, { body, reply: Handover });
    setPending(false);
    if (outcome.ok) {
      setHandover(outcome.value);
      return outcome.value;
    }
    setFailure(outcome.code);
    const present = await read();
    if (present.ok) setHandover(present.value);
    return undefined;
  };
  const send = async (path: string, body: unknown) => (await post(path, body)) !== undefined;
  const own = `/api/v1/handovers/${handover?.id}`;
  return {
    handover,
    openNow,
    failure,
    pending,
    open: (body) => post('/api/v1/handovers', body),
    acknowledge: (body) => send(`${own}/acknowledgements`, body),
    addNote: (text) => send(`${own}/notes`, { text }),
    end: (body) => send(`${own}/end`, body),
  };
}

/**
 * An answer that was under way while one did something oneself tells of before. One that is over stays on the page of who
 * saw it end.
 */
function isNews(known: Handover | null | undefined, read: Handover | null): boolean {
  if (!known) return true;
  if (!read) return known.state === 'open';
  return read.id !== known.id || read.version >= known.version;
}

/** Handovers that one may read, newest first; read again when `after` is another. */
export function useHandovers(after: string): readonly HandoverSummary[] | undefined {
  const { api } = useDesk();
  const [read, setRead] = useState<{ after: string; items: readonly HandoverSummary[] }>();
  useEffect(() => {
    const leaving = new AbortController();
    void (async () => {
      const call = { reply: HandoverPage, signal: leaving.signal };
      const outcome = await api.call('/api/v1/handovers?limit=30', call);
      if (!leaving.signal.aborted && outcome.ok) setRead({ after, items: outcome.value.items });
    })();
    return () => leaving.abort();
  }, [api, after]);
  return read?.items;
}
