import type { JSONWebKeySet } from 'jose';
import type { Socket } from 'socket.io';
import { VartaError } from '#contract/errors.ts';
import type { ViewGrant } from '#contract/grants.ts';
import type { NodeId } from '#contract/ids.ts';
import { MESH_MESSAGES, MeshHandshake } from '#contract/mesh.ts';
import { PROTOCOL_VERSION } from '#contract/version.ts';
import { createGrantVerifier, type Verified } from '../grants/verify-grant.ts';
import { dispatch } from '../node/dispatch.ts';
import type { Homes } from './homes.ts';
import { type PeerIdentity, PeerSession, type PeerSessionOptions } from './peer-session.ts';

export interface MeshServerOptions
  extends Pick<PeerSessionOptions, 'feeds' | 'masks' | 'pool' | 'listen' | 'now'> {
  nodeId: NodeId;
  /** Public halves of the servers' keys. */
  keys: JSONWebKeySet;
  homes: Pick<Homes, 'lookUp'>;
  /** Told of every message that is refused. */
  onRefused(error: VartaError, message: string): void;
  log: {
    info(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

/** Lets other nodes in, each with a grant of one of its viewers, and serves them. */
export class MeshServer implements Disposable {
  readonly #options: MeshServerOptions;
  readonly #sessions = new Map<NodeId, { session: PeerSession; socket: Socket }>();

  constructor(options: MeshServerOptions) {
    this.#options = options;
  }

  /** Feeds that go to other nodes. */
  get relays(): number {
    return this.#sum((session) => session.relays);
  }

  get pipes(): number {
    return this.#sum((session) => session.pipes);
  }

  /**
   * @throws VartaError `conflict` when another node is meant, `grant_invalid` and `grant_expired`, `forbidden` when who
   * asks is not registered, `store_unavailable` when nobody can say that.
   */
  async admit(auth: unknown): Promise<PeerIdentity> {
    const version =
      typeof auth === 'object' && auth !== null && 'protocol' in auth ? auth.protocol : undefined;
    if (version !== PROTOCOL_VERSION)
      throw new VartaError('protocol_unsupported', `This node speaks version ${PROTOCOL_VERSION}`);
    const parsed = MeshHandshake.safeParse(auth);
    if (!parsed.success)
      throw new VartaError('invalid', 'The handshake is not { protocol, nodeId, to, grant }');
    const { nodeId, to, grant } = parsed.data;
    if (to !== this.#options.nodeId) throw new VartaError('conflict', 'Another node is meant');
    return this.#identify(nodeId, grant);
  }

  handleConnection(socket: Socket, admitted: unknown): void {
    // What admit() gave, by way of socket.io's untyped data.
    const peer = admitted as PeerIdentity;
    const { nodeId } = peer;
    const { log, feeds, masks, pool, listen, now } = this.#options;
    // Its earlier connection is broken, though nobody has noticed yet.
    this.#sessions.get(nodeId)?.socket.disconnect(true);
    const session = new PeerSession({
      peer,
      feeds,
      masks,
      pool,
      listen,
      now,
      verify: async (token) => (await this.#identify(nodeId, token)).grant,
      emit: (event, payload) => void socket.emit(event, payload),
    });
    this.#sessions.set(nodeId, { session, socket });
    log.info({ peer: nodeId }, 'node connected');
    socket.once('disconnect', (reason) => {
      if (this.#sessions.get(nodeId)?.session === session) this.#sessions.delete(nodeId);
      session.close();
      log.info({ peer: nodeId, reason }, 'node disconnected');
    });
    dispatch(socket, {
      messages: MESH_MESSAGES,
      handlers: session.handlers,
      onRefused: (error, message) => this.#options.onRefused(error, message),
      onUnexpected: (error, message) =>
        log.error({ err: error, message, peer: nodeId }, 'message of a node failed'),
    });
  }

  [Symbol.dispose](): void {
    for (const { session, socket } of this.#sessions.values()) {
      session.close();
      socket.disconnect(true);
    }
    this.#sessions.clear();
  }

  async #identify(nodeId: NodeId, token: string): Promise<PeerIdentity> {
    const { keys, now, homes } = this.#options;
    const grant: Verified<ViewGrant> = await createGrantVerifier({ keys, nodeId, now })(token, 'view');
    const address = (await homes.lookUp(nodeId))?.record.mesh?.address;
    if (address === undefined) throw new VartaError('forbidden', 'This node is not registered');
    return { nodeId, address, grant };
  }

  #sum(read: (session: PeerSession) => number): number {
    return [...this.#sessions.values()].reduce((sum, { session }) => sum + read(session), 0);
  }
}
