import type { ClipFinished } from '#contract/clips.ts';
import { VartaError } from '#contract/errors.ts';
import {
  EVIDENCE_FORMAT,
  type Evidence,
  type EvidenceFailure,
  type EvidenceFile,
} from '#contract/evidence.ts';
import type { AuditDraft } from '../audit/audit.ts';
import type { AuditSigner } from '../audit/signing-key.ts';
import type { PlacedFeed } from '../nation/registry.ts';
import type { EvidenceStore, StoredEvidence } from './evidence-store.ts';
import { signManifest, toEvidenceFile } from './manifest.ts';
import type { TakeTask } from './take-task.ts';
import type { Vault } from './vault.ts';

/** How often it is looked whether the area is closed, while a clip goes on. */
const LOOK_MS = 100;
/** Grants live for 15 s. */
const RENEW_MS = 4_000;
/** Redis may be away; a node forgets a clip a minute after its time. */
const KNOWN_WITHIN_MS = 45_000;
/** After this long, what is still being taken was given up by a server that is gone. */
export const TAKING_LIFE_MS = 10 * 60_000;
/** A gate that came while files were made cuts again; more than a few times is no clip any more. */
const MAX_CUTS = 4;
/** Clips that one server takes at a time. */
const MAX_TAKING = 24;
const DAY_MS = 24 * 3_600_000;

/** A clip that a node makes, as `server/media` gives it. */
export interface TakenClip {
  readonly nodeId: string;
  /** Milliseconds since 1970, by the node's clock. */
  readonly atMs: number;
  renew(): Promise<void>;
  finish(untilMs: number | null): Promise<ClipFinished>;
  read(file: number, bytes: number): Promise<Buffer>;
  drop(): Promise<void>;
}

export interface TakerOptions {
  nation: string;
  store: Pick<EvidenceStore, 'change' | 'find'>;
  vault: Pick<Vault, 'put' | 'erase' | 'isFull'>;
  signer: Pick<AuditSigner, 'kid' | 'sign'>;
  begin(request: { clipId: string; placed: PlacedFeed; preMs: number; postMs: number }): Promise<TakenClip>;
  /** False while it is not known what is closed. */
  isCurrent(): boolean;
  /** Whether nobody may see this feed, as far as is known. */
  isClosed(placed: PlacedFeed): boolean;
  /** Where a clip between two instants has to end (ms since 1970); undefined when it may stay whole. */
  cutOf(placed: PlacedFeed, span: { fromMs: number; toMs: number }): Promise<number | undefined>;
  preMs: number;
  postMs: number;
  days: number;
  wait(ms: number, signal: AbortSignal): Promise<void>;
  now: () => number;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/** What a task says of its evidence, whatever becomes of it. */
type About = Omit<Extract<Evidence, { state: 'taking' }>, 'state'>;

/** Nothing can be kept, for a reason that people are told. */
class NotTaken extends Error {
  readonly why: EvidenceFailure;

  constructor(why: EvidenceFailure, cause?: unknown) {
    super(why, { cause });
    this.why = why;
  }
}

/**
 * Takes stills and clips. What is being taken is on record before anything is asked of a node, and kept only when its files
 * are on the disk: a server that is killed in between leaves a record that says so, never one that promises pictures.
 */
export class EvidenceTaker implements AsyncDisposable {
  readonly #options: TakerOptions;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: TakerOptions) {
    this.#options = options;
  }

  /**
   * Begins to take, and answers when that is on record. Asked twice, it is taken once, by whichever server was first.
   *
   * @throws VartaError `confidential` when nobody may see the area, `store_unavailable` when that is not known,
   * `limit_reached`.
   */
  async take(task: TakeTask): Promise<Evidence> {
    const { store, isClosed, now } = this.#options;
    const { id, placed, flagId, cause, actor } = task;
    const { regionId } = placed.area;
    const known = await store.find(id, [regionId]);
    if (known) return known.evidence;
    if (!this.#options.isCurrent()) throw new VartaError('store_unavailable');
    if (isClosed(placed)) throw new VartaError('confidential');
    if (this.#running.size >= MAX_TAKING) throw new VartaError('limit_reached');
    const about: About = {
      id,
      regionId,
      facilityId: placed.area.facilityId,
      areaId: placed.area.id,
      feedId: placed.feed.id,
      flagId,
      cause,
      at: new Date(now()).toISOString(),
    };
    const taking: Evidence = { state: 'taking', ...about };
    const isOurs = await store.change({
      before: undefined,
      after: taking,
      dueMs: now() + TAKING_LIFE_MS,
      draft: draftOf('evidence.take', about, {
        actor,
        details: cause.kind === 'request' ? { reason: cause.reason } : {},
      }),
    });
    if (!isOurs) return (await store.find(id, [regionId]))?.evidence ?? taking;
    const work = this.#run(task, about).finally(() => this.#running.delete(work));
    this.#running.add(work);
    return taking;
  }

  /** Gives up what is not done yet, and waits until that is on record. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
  }

  async #run(task: TakeTask, about: About): Promise<void> {
    const { store, log } = this.#options;
    const before: StoredEvidence = asStored({ state: 'taking', ...about });
    try {
      await this.#record(task, about, before);
    } catch (error) {
      const why = error instanceof NotTaken ? error.why : failureOf(error);
      log.warn({ err: error, evidence: about.id, feed: about.feedId, why }, 'a clip could not be kept');
      await this.#options.vault.erase(about).catch(() => undefined);
      await store
        .change({ before, ...toFailed(about, why, this.#options.now()) })
        // It stays as it is, and is called interrupted when its time is over.
        .catch(() => undefined);
    }
  }

  async #record(task: TakeTask, about: About, before: StoredEvidence): Promise<void> {
    const { vault, begin, preMs, postMs } = this.#options;
    if (vault.isFull) throw new NotTaken('no-room');
    const clip = await begin({ clipId: about.id, placed: task.placed, preMs, postMs });
    try {
      await this.#follow(clip, task.placed);
      await this.#keep(task, about, { clip, before });
    } finally {
      void clip.drop();
    }
  }

  /** Waits until the clip is over, or the area closes. */
  async #follow(clip: TakenClip, placed: PlacedFeed): Promise<void> {
    const { isCurrent, isClosed, postMs, wait, now } = this.#options;
    const { signal } = this.#closing;
    // By our own clock: what the node says of its own is for the pictures.
    const untilMs = now() + postMs + LOOK_MS;
    let renewAtMs = now() + RENEW_MS;
    while (now() < untilMs || !isCurrent()) {
      if (isCurrent() && isClosed(placed)) return;
      // What came meanwhile may be kept only when it is known whether it might be seen.
      if (now() > untilMs + KNOWN_WITHIN_MS) throw new NotTaken('interrupted');
      await wait(LOOK_MS, signal);
      if (signal.aborted) throw new NotTaken('interrupted');
      // While it is not known nothing is signed: the node goes on until the grant ends, and no longer.
      if (now() < renewAtMs || !isCurrent()) continue;
      renewAtMs = now() + RENEW_MS;
      await clip.renew();
    }
  }

  async #keep(
    { placed }: TakeTask,
    about: About,
    { clip, before }: { clip: TakenClip; before: StoredEvidence },
  ): Promise<void> {
    const { store, vault, signer, nation, preMs, postMs, days, now, log } = this.#options;
    const { finished, cutMs } = await this.#finish(clip, placed);
    const files: EvidenceFile[] = [];
    for (const [index, file] of finished.files.entries()) {
      const bytes = await clip.read(index, file.bytes);
      const videos = files.filter(({ kind }) => kind === 'video').length;
      const named = toEvidenceFile(file, bytes, videos + 1);
      await vault.put(about, named.sha256, bytes);
      files.push(named);
    }
    // Once more: what became known while the files were made counts as well.
    const span = spanOf(finished);
    const late = await this.#options.cutOf(placed, span);
    if (late !== undefined && late < span.toMs) throw new NotTaken('confidential');
    const keptAt = new Date(now()).toISOString();
    const manifest = signManifest(
      {
        format: EVIDENCE_FORMAT,
        nation,
        ...about,
        at: new Date(clip.atMs).toISOString(),
        node: clip.nodeId,
        preMs,
        postMs,
        end: finished.end,
        cutBefore: cutMs === undefined ? null : new Date(cutMs).toISOString(),
        files,
        gaps: finished.gaps.map(({ fromMs, toMs }) => ({
          from: new Date(fromMs).toISOString(),
          to: new Date(toMs).toISOString(),
        })),
        keptAt,
      },
      signer,
    );
    const expiresMs = now() + days * DAY_MS;
    const isKept = await store.change({
      before,
      after: { state: 'kept', ...about, manifest, expiresAt: new Date(expiresMs).toISOString() },
      dueMs: expiresMs,
      draft: draftOf('evidence.keep', about, {
        actor: SYSTEM,
        details: {
          manifest: manifest.hash,
          files: files.length,
          ...(manifest.cutBefore === null ? {} : { cutBefore: manifest.cutBefore }),
        },
      }),
    });
    if (!isKept) throw new NotTaken('interrupted');
    log.info({ evidence: about.id, feed: about.feedId, files: files.length }, 'a clip is kept');
  }

  /** Ends the clip where it has to end. */
  async #finish(
    clip: TakenClip,
    placed: PlacedFeed,
  ): Promise<{ finished: ClipFinished; cutMs: number | undefined }> {
    const { preMs, postMs, cutOf } = this.#options;
    let cutMs = await cutOf(placed, { fromMs: clip.atMs - preMs, toMs: clip.atMs + postMs });
    for (let attempt = 0; attempt < MAX_CUTS; attempt += 1) {
      const finished = await clip.finish(cutMs ?? null);
      if (finished.files.length === 0)
        throw new NotTaken(cutMs === undefined ? 'no-picture' : 'confidential');
      // What there is begins with a keyframe, before the beginning that was asked for.
      const next = await cutOf(placed, spanOf(finished));
      if (next === undefined || (cutMs !== undefined && next >= cutMs)) return { finished, cutMs };
      cutMs = next;
    }
    throw new NotTaken('confidential');
  }
}

/** What says in the audit that something was done with evidence. */
export function draftOf(
  action: string,
  { id, areaId, feedId, flagId }: Pick<About, 'id' | 'areaId' | 'feedId' | 'flagId'>,
  { actor, details }: Pick<AuditDraft, 'actor'> & { details: NonNullable<AuditDraft['details']> },
): AuditDraft {
  return {
    actor,
    action,
    resource: `evidence:${id}`,
    outcome: 'done',
    details: { area: areaId, feed: feedId, flag: flagId, ...details },
  };
}

/** A change that says that nothing could be kept. */
export function toFailed(about: About, why: EvidenceFailure, nowMs: number) {
  const after: Evidence = { state: 'failed', ...about, why, failedAt: new Date(nowMs).toISOString() };
  const draft = draftOf('evidence.fail', about, { actor: SYSTEM, details: { why } });
  return { after, dueMs: undefined, draft };
}

const SYSTEM = { kind: 'system', id: 'evidence' } as const;

function asStored(evidence: Evidence): StoredEvidence {
  return { evidence, json: JSON.stringify(evidence) };
}

function spanOf({ files }: ClipFinished): { fromMs: number; toMs: number } {
  return {
    fromMs: Math.min(...files.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...files.map(({ toMs }) => toMs)),
  };
}

function failureOf(error: unknown): EvidenceFailure {
  if (!(error instanceof VartaError)) return 'interrupted';
  switch (error.code) {
    case 'confidential':
      return 'confidential';
    case 'feed_not_live':
    case 'codec_unsupported':
      return 'no-picture';
    case 'no_sfu':
    case 'sfu_timeout':
    case 'limit_reached':
    case 'unknown_resource':
      return 'no-node';
    default:
      return 'interrupted';
  }
}
