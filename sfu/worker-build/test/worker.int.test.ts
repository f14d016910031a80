import { createWorker } from 'mediasoup';
import { expect, test } from 'vitest';

test('the worker that set-up found starts and makes every kind of transport that we use', async () => {
  const workerBin = process.env.MEDIASOUP_WORKER_BIN ?? '';
  const worker = await createWorker({ workerBin });
  try {
    const listenInfo = { protocol: 'udp', ip: '127.0.0.1' } as const;
    const server = await worker.createWebRtcServer({
      listenInfos: [listenInfo, { ...listenInfo, protocol: 'tcp' }],
    });
    const router = await worker.createRouter({
      mediaCodecs: [{ kind: 'video', mimeType: 'video/H264', clockRate: 90_000, preferredPayloadType: 102 }],
    });
    const webRtc = await router.createWebRtcTransport({ webRtcServer: server });
    const plain = await router.createPlainTransport({ listenInfo, rtcpMux: true, comedia: false });
    const pipe = await router.createPipeTransport({ listenInfo });
    expect(webRtc.dtlsParameters.fingerprints.length).toBeGreaterThan(0);
    expect(plain.tuple.localPort).toBeGreaterThan(0);
    expect(pipe.tuple.localPort).toBeGreaterThan(0);
    expect(worker.died).toBe(false);
  } finally {
    worker.close();
  }
});
