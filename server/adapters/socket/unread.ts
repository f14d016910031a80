import type { Socket } from 'socket.io';

/**
 * Counts what has been written to a peer since its connection was last empty, and gives the peer up when that is more
 * than `most` packets: one that reads nothing must not fill our memory.
 */
export function boundUnread(connection: Socket['conn'], most: number, onTooMuch: () => void): void {
  let unread = 0;
  connection.on('packetCreate', () => {
    unread += 1;
    if (unread === most + 1) onTooMuch();
  });
  connection.on('drain', () => {
    unread = 0;
  });
}
