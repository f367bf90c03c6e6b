import { describe, expect, it } from '@jest/globals';
import { EchoMemory } from '../../../src/api/echo/echo-memory.ts';

const LIMITS = { requestsPerName: 3, names: 2, bytes: 100_000 };

describe('EchoMemory', () => {
  it('keeps the last requests of a name', () => {
    const memory = new EchoMemory(LIMITS);
    for (const body of ['1', '2', '3', '4']) memory.keep('a', request(body));
    expect(bodies(memory, 'a')).toEqual(['4', '3', '2']);
  });

  it('drops the name that was used longest ago', () => {
    const memory = new EchoMemory(LIMITS);
    for (const name of ['a', 'b', 'a', 'c']) memory.keep(name, request(name));
    expect(['a', 'b', 'c'].map((name) => bodies(memory, name).length)).toEqual([2, 0, 1]);
  });

  it('drops what was used longest ago beyond the bytes, and the last request only when it is too large alone', () => {
    const memory = new EchoMemory(LIMITS);
    memory.keep('a', request('x'.repeat(20_000)));
    memory.keep('b', request('x'.repeat(20_000)));
    memory.keep('b', request('y'.repeat(20_000)));
    expect([bodies(memory, 'a').length, bodies(memory, 'b').length]).toEqual([0, 2]);
    memory.keep('b', request('z'.repeat(90_000)));
    expect(bodies(memory, 'b')).toEqual([]);
  });

  it('counts headers, too', () => {
    const memory = new EchoMemory({ ...LIMITS, requestsPerName: 1_000 });
    const headers = Object.fromEntries(
      Array.from({ length: 15 }, (_, place) => [`x-${place}`, 'x'.repeat(1_000)]),
    );
    for (let count = 0; count < 100; count += 1) memory.keep('a', { ...request(''), headers });
    expect(memory.list('a')).toHaveLength(3);
  });

  it('counts what is cleared as free', () => {
    const memory = new EchoMemory(LIMITS);
    for (let round = 0; round < 10; round += 1) {
      memory.keep('a', request('x'.repeat(40_000)));
      memory.clear('a');
    }
    memory.keep('a', request('kept'));
    expect(bodies(memory, 'a')).toEqual(['kept']);
  });
});

function request(body: string) {
  return { receivedAt: new Date(0), headers: {}, body };
}

function bodies(memory: EchoMemory, name: string): readonly string[] {
  return memory.list(name).map((one) => one.body);
}
