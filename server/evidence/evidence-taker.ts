import { VartaError } from '#contract/errors.ts';
import { EVIDENCE_FORMAT, type Evidence, type EvidenceFile } from '#contract/evidence.ts';
import type { AuditSigner } from '../audit/signing-key.ts';
import type { PlacedFeed } from '../nation/registry.ts';
import { type AboutEvidence, draftOf, EVIDENCE_SYSTEM, toFailed } from './evidence-drafts.ts';
import type { EvidenceStore, StoredEvidence } from './evidence-store.ts';
import { signManifest, toEvidenceFile } from './manifest.ts';
import { failureOf, NotTaken } from './not-taken.ts';
import { finishClip, followClip, type RecordOptions, spanOf, type TakenClip } from './record-clip.ts';
import type { TakeTask } from './take-task.ts';
import type { Vault } from './vault.ts';

/** After this long, what is still being taken was given up by a server that is gone. */
export const TAKING_LIFE_MS = 10 * 60_000;
/** Clips that one server takes at a time. */
const MAX_TAKING = 24;
/** Clips whose files are brought here and encrypted at a time: each is in memory twice, of 64 MB at most. */
const MAX_KEEPING = 4;
const TURN_MS = 100;
const DAY_MS = 24 * 3_600_000;

export interface TakerOptions extends RecordOptions {
  nation: string;
  store: Pick<EvidenceStore, 'change' | 'find'>;
  vault: Pick<Vault, 'put' | 'erase' | 'isFull'>;
  signer: Pick<AuditSigner, 'kid' | 'sign'>;
  begin(request: { clipId: string; placed: PlacedFeed; preMs: number; postMs: number }): Promise<TakenClip>;
  days: number;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

/**
 * Takes stills and clips. What is being taken is on record before anything is asked of a node, and kept only when its files
 * are on the disk: a server that is killed in between leaves a record that says so, never one that promises pictures.
 */
export class EvidenceTaker implements AsyncDisposable {
  readonly #options: TakerOptions;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #keeping = 0;

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
    const about: AboutEvidence = {
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
        details: cause.kind === 'flag' ? {} : { reason: cause.reason },
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

  async #run(task: TakeTask, about: AboutEvidence): Promise<void> {
    const { store, log } = this.#options;
    const before: StoredEvidence = asStored({ state: 'taking', ...about });
    try {
      await this.#record(task, about, before);
    } catch (error) {
      const why = failureOf(error);
      log.warn({ err: error, evidence: about.id, feed: about.feedId, why }, 'a clip could not be kept');
      await this.#options.vault.erase(about).catch(() => undefined);
      await store
        .change({ before, ...toFailed(about, why, this.#options.now()) })
        // It stays as it is, and is called interrupted when its time is over.
        .catch(() => undefined);
    }
  }

  async #record(task: TakeTask, about: AboutEvidence, before: StoredEvidence): Promise<void> {
    const { vault, begin, preMs, postMs } = this.#options;
    if (vault.isFull) throw new NotTaken('no-room');
    const clip = await begin({ clipId: about.id, placed: task.placed, preMs, postMs });
    try {
      const { signal } = this.#closing;
      await followClip(clip, task.placed, { ...this.#options, signal });
      await this.#waitForTurn();
      this.#keeping += 1;
      try {
        await this.#keep(task, about, { clip, before });
      } finally {
        this.#keeping -= 1;
      }
    } finally {
      void clip.drop();
    }
  }

  /** A node keeps a clip for a minute after its time. */
  async #waitForTurn(): Promise<void> {
    const { signal } = this.#closing;
    while (this.#keeping >= MAX_KEEPING && !signal.aborted) await this.#options.wait(TURN_MS, signal);
    if (signal.aborted) throw new NotTaken('interrupted');
  }

  async #keep(
    { placed }: TakeTask,
    about: AboutEvidence,
    { clip, before }: { clip: TakenClip; before: StoredEvidence },
  ): Promise<void> {
    const { store, vault, signer, nation, preMs, postMs, days, now, log } = this.#options;
    const { finished, cutMs } = await finishClip(clip, placed, this.#options);
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
        actor: EVIDENCE_SYSTEM,
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
}

function asStored(evidence: Evidence): StoredEvidence {
  return { evidence, json: JSON.stringify(evidence) };
}
