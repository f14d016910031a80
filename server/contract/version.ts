/** Version of the socket protocols. A client that says another one is refused with `protocol_unsupported`. */
export const PROTOCOL_VERSION = 1;
