import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { LocalSettings } from './settings.ts';

/** Media and control ports move by this much when another Varta has the usual ones. */
const strideBetweenInstances = 100;
const instancesTried = 10;

/** Whether a TCP server could listen there now. */
export async function isTcpPortFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}

/** Whether a UDP socket could be bound there now. */
export async function isUdpPortFree(port: number, host: string): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    socket.bind({ port, address: host, exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

/** Ports of the sfu. */
export interface SfuPorts {
  media: number;
  control: number;
}

async function areFree({ media, control }: SfuPorts, workers: number): Promise<boolean> {
  if (!(await isTcpPortFree(control, '127.0.0.1'))) return false;
  for (let port = media; port < media + workers; port += 1) {
    if (!(await isTcpPortFree(port, '0.0.0.0')) || !(await isUdpPortFree(port, '0.0.0.0'))) return false;
  }
  return true;
}

/**
 * The sfu's ports: as they are set, or else the usual ones, or else the next that are free, since nobody types them.
 *
 * @throws when ports that were set, or all that were tried, are taken.
 */
export async function chooseSfuPorts(
  settings: LocalSettings,
  chosenByUser: boolean,
  workers: number,
): Promise<SfuPorts> {
  const tries = chosenByUser ? 1 : instancesTried;
  for (let index = 0; index < tries; index += 1) {
    const shift = index * strideBetweenInstances;
    const ports = { media: settings.SFU_PORT + shift, control: settings.SFU_CONTROL_PORT - shift };
    if (await areFree(ports, workers)) return ports;
  }
  const range = `${settings.SFU_PORT} to ${settings.SFU_PORT + workers - 1}`;
  throw new Error(
    `The sfu's ports (${range}, control ${settings.SFU_CONTROL_PORT}) are in use. Set SFU_PORT and SFU_CONTROL_PORT.`,
  );
}

/** @throws with what to do when the port that people type is taken. */
export async function assertWebPortFree(port: number, host: string): Promise<void> {
  if (await isTcpPortFree(port, host)) return;
  throw new Error(
    `Port ${port} on ${host} is in use or not allowed. Stop what uses it, or choose another: PORT=${port + 1} npm start`,
  );
}
