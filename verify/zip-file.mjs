// Reads a ZIP as packages of evidence are written: few files, not compressed, one after another. With nothing but Node.
// Whatever else a ZIP may have is refused, so that every byte of the file means something and is looked at.

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;

/**
 * The files of a ZIP by their names, and the names of those that are not what was put there: what is wrong with them is
 * seen by whoever reads them. Throws an Error that says what is wrong with the ZIP.
 *
 * @param {Buffer} bytes
 * @returns {{ files: Map<string, Buffer>, changed: string[] }}
 */
export function readZip(bytes) {
  const end = bytes.length - END_BYTES;
  if (end < 0 || bytes.readUInt32LE(end) !== END) throw new Error('is no ZIP, or was cut off');
  const count = bytes.readUInt16LE(end + 10);
  const directory = bytes.readUInt32LE(end + 16);
  const isPlain =
    bytes.readUInt32LE(end + 4) === 0 &&
    bytes.readUInt16LE(end + 8) === count &&
    directory + bytes.readUInt32LE(end + 12) === end &&
    bytes.readUInt16LE(end + 20) === 0;
  if (!isPlain) throw new Error('has an end that is not as it was written');
  /** @type {Map<string, Buffer>} */
  const files = new Map();
  const changed = [];
  let at = directory;
  let next = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + CENTRAL_BYTES > end || bytes.readUInt32LE(at) !== CENTRAL)
      throw new Error('has a directory that is not as it was written');
    const name = bytes.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + bytes.readUInt16LE(at + 28));
    if (files.has(name)) throw new Error(`holds ${name} twice`);
    const { file, after, isChanged } = readFile(bytes, { at, name, next, directory });
    files.set(name, file);
    if (isChanged) changed.push(name);
    next = after;
    at += CENTRAL_BYTES + Buffer.byteLength(name);
  }
  if (at !== end || next !== directory) throw new Error('holds something that its directory does not name');
  return { files, changed };
}

/**
 * @param {Buffer} bytes
 * @param {{ at: number, name: string, next: number, directory: number }} entry
 */
function readFile(bytes, { at, name, next, directory }) {
  const wrong = new Error(`has a place of ${name} that is not as it was written`);
  // Made by and needed: version 2.0. No flags, no compression, no extra fields, no comment, no attributes.
  const isPlain =
    bytes.readUInt16LE(at + 4) === 20 &&
    bytes.readUInt16LE(at + 6) === 20 &&
    bytes.readUInt32LE(at + 8) === 0 &&
    bytes.readUInt32LE(at + 20) === bytes.readUInt32LE(at + 24) &&
    bytes.subarray(at + 30, at + 42).every((byte) => byte === 0) &&
    bytes.readUInt32LE(at + 42) === next;
  if (!isPlain || next + LOCAL_BYTES > directory || bytes.readUInt32LE(next) !== LOCAL) throw wrong;
  const headers = bytes.subarray(next + 4, next + LOCAL_BYTES);
  if (!headers.equals(bytes.subarray(at + 6, at + 32))) throw wrong;
  const begin = next + LOCAL_BYTES + bytes.readUInt16LE(next + 26);
  if (bytes.toString('utf8', next + LOCAL_BYTES, begin) !== name) throw wrong;
  const after = begin + bytes.readUInt32LE(at + 20);
  if (after > directory) throw new Error(`holds ${name} cut off`);
  const file = bytes.subarray(begin, after);
  return { file, after, isChanged: crc32(file) !== bytes.readUInt32LE(at + 16) };
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** @param {Buffer} bytes */
function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0);
  return (value ^ 0xffffffff) >>> 0;
}
