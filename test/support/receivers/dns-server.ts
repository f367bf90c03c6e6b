import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';

/** What a name has: addresses of either family, or trouble. */
export type DnsAnswer = readonly string[] | 'not_found' | 'server_failure' | 'silence';

/** A name server on loopback (UDP, A and AAAA only); names it was not told of do not exist. */
export interface DnsServer {
  /** As `POSTHORN_DNS_SERVERS` wants it. */
  readonly address: string;
  /** Every question in order: `A name`. */
  readonly asked: readonly string[];
  /**
   * Answers for a name from now on; several answers are given one question of a type after the other, the last for
   * good.
   */
  tell(name: string, ...answers: readonly [DnsAnswer, ...DnsAnswer[]]): void;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<number, 'A' | 'AAAA'>> = { 1: 'A', 28: 'AAAA' };
const HEADER_BYTES = 12;

/** Starts a name server on a free port. */
export async function startDnsServer(): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const told = new Map<string, readonly DnsAnswer[]>();
  const asked: string[] = [];
  const onMessage = (query: Buffer, from: RemoteInfo): void => {
    const { name, type, end } = readQuestion(query);
    const question = `${TYPES[type]} ${name}`;
    const answers = told.get(name) ?? ['not_found'];
    const answer = answers[asked.filter((one) => one === question).length] ?? answers.at(-1) ?? 'not_found';
    asked.push(question);
    if (answer !== 'silence')
      socket.send(reply(query.subarray(0, end), type, answer), from.port, from.address);
  };
  socket.on('message', onMessage).bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    tell: (name, ...answers) => void told.set(name, answers),
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let offset = HEADER_BYTES;
  for (let length = query.readUInt8(offset); length > 0; length = query.readUInt8(offset)) {
    labels.push(query.toString('latin1', offset + 1, offset + 1 + length));
    offset += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(offset + 1), end: offset + 5 };
}

/** The question again, with its answers (RFC 1035 4.1). */
function reply(question: Buffer, type: number, answer: Exclude<DnsAnswer, 'silence'>): Buffer {
  const family = TYPES[type] === 'A' ? 4 : 6;
  const addresses = typeof answer === 'string' ? [] : answer.filter((address) => isIP(address) === family);
  const code = answer === 'not_found' ? 3 : answer === 'server_failure' ? 2 : 0;
  const head = Buffer.from(question);
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt16BE(0, 8);
  head.writeUInt16BE(0, 10);
  return Buffer.concat([head, ...addresses.map((address) => record(address, type))]);
}

function record(address: string, type: number): Buffer {
  const data = bytesOf(address);
  const fields = Buffer.alloc(12);
  fields.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  fields.writeUInt16BE(type, 2);
  fields.writeUInt16BE(1, 4);
  fields.writeUInt16BE(data.length, 10);
  return Buffer.concat([fields, data]);
}

function bytesOf(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [before, after] = [head, tail].map((part) => part.split(':').filter((word) => word !== ''));
  const zeros = Array<string>(8 - (before?.length ?? 0) - (after?.length ?? 0)).fill('0');
  const words = [...(before ?? []), ...zeros, ...(after ?? [])];
  return Buffer.from(words.map((word) => word.padStart(4, '0')).join(''), 'hex');
}
