import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '../../support/api/api.ts';
import { insertKey } from '../../support/api/api-key.ts';

const MEBIBYTE = 1_048_576;

let api: ApiUnderTest;
let sockets: Socket[];
beforeEach(async () => {
  api = await startApi({ echo: true, environment: { POSTHORN_MAX_BUFFERED_BYTES: String(32 * MEBIBYTE) } });
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await api.close();
});

describe('a body without a good key', () => {
  it.each([
    ['no key', ''],
    ['an unknown key', 'Authorization: Bearer phk_unknown\r\n'],
  ])('is refused before any of it is read: %s', async (_what, header) => {
    const lengths = [`Content-Length: ${16 * MEBIBYTE}`, 'Transfer-Encoding: chunked'];
    for (const length of lengths)
      expect(await begin('/v1/events/batch', `${header}${length}`)).toContain(' 401 ');
  });

  it('is refused by its quota and by its scope before any of it is read', async () => {
    const { key } = await insertKey(api.database, { scopes: ['view'] });
    const headers = `Authorization: Bearer ${key}\r\nContent-Length: ${16 * MEBIBYTE}`;
    expect(await begin('/v1/events/batch', headers)).toContain(' 403 ');
  });

  it('leaves the connection fit for another request once it has come to its end', async () => {
    const socket = open('/v1/events/batch', `Content-Length: ${2 * MEBIBYTE}`, '');
    expect(await answerOn(socket, '"request_id"')).toContain(' 401 ');
    socket.write(Buffer.alloc(2 * MEBIBYTE, 0x20));
    socket.write('GET /v1/health/live HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await answerOn(socket, '"status"')).toContain(' 200 ');
  });

  it('may be held for echo receivers up to an eighth of the budget', async () => {
    const held = Array.from(
      { length: 5 },
      async () => await begin('/v1/echo/a', `Content-Length: ${MEBIBYTE}`),
    );
    expect(await Promise.race(held)).toMatch(/ 429 .*"code":"too_many_bytes_under_way"/s);
  });
});

describe('the budget of bodies', () => {
  const sixteen = `Content-Length: ${16 * MEBIBYTE - 1}`;

  it('gives each key half of it, and everybody together no more than all', async () => {
    const [one, other, third] = await Promise.all([bearer(), bearer(), bearer()]);
    const oneHeld = await hold(one, sixteen);
    expect(await begin('/v1/events/batch', `${one}${sixteen}`)).toMatch(
      / 429 .*retry-after: 1.*"code":"too_many_bytes_under_way"/is,
    );
    const otherHeld = await hold(other, sixteen);
    expect(await begin('/v1/events/batch', `${third}${sixteen}`)).toMatch(
      / 503 .*retry-after: 1.*"code":"bodies_under_way"/is,
    );
    expect(await begin('/v1/events', `${third}Content-Length: 2`, '{}')).toContain(' 422 ');
    for (const socket of [oneHeld, otherHeld]) await ended(socket);
    // What those held is free again: this one is read, and waited for.
    await hold(third, sixteen);
    expect(await begin('/v1/events/batch', `${third}${sixteen}`)).toContain(' 429 ');
  });

  it('counts what comes where no length is told', async () => {
    const authorization = await bearer();
    await hold(authorization, sixteen);
    const chunk = 'x'.repeat(65_536);
    const chunked = `10000\r\n${chunk}\r\n`;
    const answer = await begin('/v1/events/batch', `${authorization}Transfer-Encoding: chunked`, chunked);
    expect(answer).toContain(' 429 ');
  });

  it('is free again after every answer', async () => {
    const { key } = await insertKey(api.database);
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
    for (let times = 0; times < 5; times += 1) {
      const body = `{"events":[${' '.repeat(8 * MEBIBYTE)}]}`;
      const answer = await fetch(`${api.url}/v1/events/batch`, { method: 'POST', headers, body });
      expect(answer.status).toBe(422);
    }
  });
});

async function bearer(): Promise<string> {
  return `Authorization: Bearer ${(await insertKey(api.database)).key}\r\n`;
}

/**
 * Sends the head of a request, and no more of its body than this; the answer, which comes although the body does not.
 */
async function begin(path: string, headers: string, body = ''): Promise<string> {
  return await answerOn(open(path, headers, body), '"request_id"');
}

/** What comes on a connection, up to an answer that has this in it. */
async function answerOn(socket: Socket, member: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    let answer = '';
    const take = (chunk: Buffer): void => {
      answer += String(chunk);
      if (!answer.includes(member)) return;
      socket.off('data', take);
      resolve(answer);
    };
    socket.on('data', take);
    socket.once('close', () => reject(new Error(`closed after ${answer}`)));
  });
}

/** Begins a request and waits until the API is reading its body. */
async function hold(authorization: string, headers: string): Promise<Socket> {
  const socket = open('/v1/events/batch', `${authorization}Expect: 100-continue\r\n${headers}`, '');
  await new Promise((resolve) => socket.once('data', resolve));
  // The key is looked up after the server has asked for the body.
  await api.operator('GET', '/v1/api-keys?limit=1');
  return socket;
}

function open(path: string, headers: string, body: string): Socket {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => {});
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`,
  );
  return socket;
}

async function ended(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => socket.once('close', () => resolve()).destroy());
  await api.operator('GET', '/v1/api-keys?limit=1');
}
