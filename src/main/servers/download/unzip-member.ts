import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

/** Signatures and fixed lengths from the ZIP specification (APPNOTE 4.3.7, 4.3.12, 4.3.16). */
const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1');
const ENTRY = 0x02014b50;
const ENTRY_LENGTH = 46;
const LOCAL_HEADER_LENGTH = 30;
const STORED = 0;
const DEFLATED = 8;

interface Member {
  readonly method: number;
  readonly start: number;
  readonly compressedBytes: number;
}

/**
 * Writes one member of a zip archive (below 4 GB) to a new executable file.
 * @throws Error where the archive holds no such member
 */
export async function unzipMember(archive: string, name: string, target: string): Promise<void> {
  const { method, start, compressedBytes } = findMember(readFileSync(archive), name);
  const source = createReadStream(archive, { start, end: start + compressedBytes - 1 });
  const output = createWriteStream(target, { mode: 0o755, flags: 'wx' });
  if (method === STORED) return pipeline(source, output);
  if (method === DEFLATED) return pipeline(source, createInflateRaw(), output);
  throw new Error(`${archive}: ${name} is compressed by method ${method}, which is not supported`);
}

function findMember(zip: Buffer, name: string): Member {
  const end = zip.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0) throw new Error('This is not a zip archive');
  let at = zip.readUInt32LE(end + 16);
  while (at < end && zip.readUInt32LE(at) === ENTRY) {
    const nameLength = zip.readUInt16LE(at + 28);
    const rest = zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    if (zip.toString('utf8', at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength) === name)
      return memberAt(zip, at);
    at += ENTRY_LENGTH + nameLength + rest;
  }
  throw new Error(`The zip archive holds no ${name}`);
}

function memberAt(zip: Buffer, entry: number): Member {
  const header = zip.readUInt32LE(entry + 42);
  return {
    method: zip.readUInt16LE(entry + 10),
    compressedBytes: zip.readUInt32LE(entry + 20),
    start: header + LOCAL_HEADER_LENGTH + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28),
  };
}
