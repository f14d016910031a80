import { capture } from '../command.ts';
import type { Step, SystemNeed } from '../step.ts';

/** What GStreamer has to bring: a camera over RTSP and an encoder over WebRTC, as others make them. */
const PROBE = `
import gi
for name in ("Gst", "GstRtspServer", "GstSdp", "GstWebRTC"):
    gi.require_version(name, "1.0")
from gi.repository import Gst
Gst.init(None)
missing = [name for name in ("webrtcbin", "nicesrc", "x264enc", "x265enc", "rtph264pay") if not Gst.ElementFactory.find(name)]
print("missing " + " ".join(missing) if missing else "ready")
`;

/** Debian's own Python comes first: another one in the PATH knows nothing of GStreamer. */
async function findPython(named: string | undefined): Promise<string | undefined> {
  for (const file of named ? [named] : ['/usr/bin/python3', 'python3']) {
    const { stdout } = await capture(file, ['-c', PROBE]);
    if (stdout.trim() === 'ready') return file;
  }
  return undefined;
}

/** Programs of others that the tests talk to: GStreamer as camera and encoder, coturn as the way around blocked UDP. */
export const mediaPeersStep: Step = {
  title: 'Media programs of others',
  async inspect({ env }) {
    const needs: SystemNeed[] = [];
    const python = await findPython(env.GST_PYTHON_BIN);
    if (!python) {
      needs.push({
        what: 'GStreamer with RTSP server, WebRTC and Python bindings (GST_PYTHON_BIN can name the Python)',
        apt: [
          'python3-gi',
          'gir1.2-gst-rtsp-server-1.0',
          'gir1.2-gst-plugins-base-1.0',
          'gir1.2-gst-plugins-bad-1.0',
          'gstreamer1.0-plugins-base',
          'gstreamer1.0-plugins-good',
          'gstreamer1.0-plugins-bad',
          'gstreamer1.0-plugins-ugly',
          'gstreamer1.0-nice',
        ],
        brew: ['gstreamer', 'pygobject3'],
      });
    }
    const turnserver = env.TURNSERVER_BIN || 'turnserver';
    if ((await capture(turnserver, ['--version'])).code !== 0)
      needs.push({ what: 'coturn (TURNSERVER_BIN can name it)', apt: ['coturn'], brew: ['coturn'] });
    // Only root can make a network without UDP, and the tests of root insist on it.
    if (process.getuid?.() === 0 && (await capture('ip', ['-V'])).code !== 0)
      needs.push({ what: 'iproute2, for a network without UDP', apt: ['iproute2'], brew: ['iproute2mac'] });
    if (!python || needs.length > 0) return { state: 'missing', needs };
    return { state: 'ready', env: { GST_PYTHON_BIN: python, TURNSERVER_BIN: turnserver } };
  },
};
