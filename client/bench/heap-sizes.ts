import type { Page } from 'playwright-core';
import { z } from 'zod';
import { MAX_MADE } from '../media/transports.ts';

/** What a page's memory holds after a garbage collection. */
export interface HeapSizes {
  /** Objects, texts, lists and functions: what a program that leaks has more and more of. */
  heldBytes: number;
  /** What the engine has made of the program; it compiles what runs often, for hours. */
  codeBytes: number;
  /** The browser's own objects that belong to the page: elements, tracks, connections. */
  nativeBytes: number;
  /** Sources of tracks that the browser keeps, of media that may have ended long ago. */
  tracks: number;
}

/** A snapshot of V8's heap, as far as it is read here: numbers in rows of `node_fields`. */
const HeapSnapshot = z.object({
  snapshot: z.object({
    meta: z.object({ node_fields: z.array(z.string()), node_types: z.array(z.unknown()) }),
  }),
  nodes: z.array(z.number()),
  strings: z.array(z.string()),
});

/** Kept for whoever looks with developer tools, as these benchmarks do: no page has it by itself. */
const FOR_DEVELOPERS = 'blink::NetworkResourcesData::ResourceData';

const TRACK_SOURCE = 'blink::MediaStreamSource';

/**
 * Chromium makes a track with a consumer's section and one more with the answer that rejects it, and frees both when the
 * connection is closed; the third part is for a move, when a page has two.
 */
export const TRACKS_AT_MOST = 3 * MAX_MADE;

/** Reads them from a whole snapshot of the heap, which holds the page up for a second or more. */
export async function readHeapSizes(page: Page): Promise<HeapSizes> {
  const session = await page.context().newCDPSession(page);
  try {
    const chunks: string[] = [];
    session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
    for (let round = 0; round < 3; round++) await session.send('HeapProfiler.collectGarbage');
    await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    return sizesIn(HeapSnapshot.parse(JSON.parse(chunks.join(''))));
  } finally {
    await session.detach();
  }
}

export function sizesIn({ snapshot: { meta }, nodes, strings }: z.infer<typeof HeapSnapshot>): HeapSizes {
  const width = meta.node_fields.length;
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => {
    const at = meta.node_fields.indexOf(field);
    if (at < 0) throw new Error(`a heap snapshot without ${field}`);
    return at;
  }) as [number, number, number];
  const types = z.array(z.string()).parse(meta.node_types[type]);
  const sizes: HeapSizes = { heldBytes: 0, codeBytes: 0, nativeBytes: 0, tracks: 0 };
  for (let at = 0; at < nodes.length; at += width) {
    const bytes = nodes[at + size] ?? 0;
    const kind = types[nodes[at + type] ?? -1];
    if (kind === 'code' || kind === 'object shape') sizes.codeBytes += bytes;
    else if (kind !== 'native') sizes.heldBytes += bytes;
    else {
      const named = strings[nodes[at + name] ?? -1];
      if (named !== FOR_DEVELOPERS) sizes.nativeBytes += bytes;
      if (named === TRACK_SOURCE) sizes.tracks += 1;
    }
  }
  return sizes;
}
