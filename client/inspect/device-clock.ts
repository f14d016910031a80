import { z } from 'zod';
import { type ClockReading, MeasuredOffset } from './record.ts';

/**
 * The server's time as this device can tell it without a network: its own wall clock, which goes on while the device
 * sleeps, and the difference that was last measured.
 */
export interface DeviceClock {
  nowMs(): number;
  reading(): ClockReading;
  offset(): MeasuredOffset | null;
  /** The server said `serverMs`; it was that when the device's wall clock showed `deviceMs`. */
  observe(serverMs: number, deviceMs: number): void;
}

interface Sources {
  wallMs(): number;
  monotonicMs(): number;
  /** Names this life of the page. */
  page: string;
  storage: Pick<Storage, 'getItem' | 'setItem'>;
}

const STORED_AS = 'varta.device-clock';
/** A difference that moves less is not written down again. */
const SETTLED_MS = 250;

export function createDeviceClock({ wallMs, monotonicMs, page, storage }: Sources): DeviceClock {
  let offset = readOffset(storage);
  let written = offset;

  function reading(): ClockReading {
    const deviceMs = wallMs();
    return { deviceMs, baseMs: deviceMs - monotonicMs(), page };
  }

  return {
    nowMs: () => wallMs() + (offset?.ms ?? 0),
    reading,
    offset: () => offset,
    observe(serverMs, deviceMs) {
      offset = { ms: serverMs - deviceMs, reading: reading() };
      const isNews =
        !written || written.reading.page !== page || Math.abs(written.ms - offset.ms) > SETTLED_MS;
      if (!isNews) return;
      written = offset;
      storage.setItem(STORED_AS, JSON.stringify(offset));
    },
  };
}

function readOffset(storage: Pick<Storage, 'getItem'>): MeasuredOffset | null {
  const parsed = z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue('no JSON');
        return z.NEVER;
      }
    })
    .pipe(MeasuredOffset)
    .safeParse(storage.getItem(STORED_AS));
  return parsed.success ? parsed.data : null;
}
