import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { keepRunning } from '../../../src/main/servers/keep-running.ts';
import type { ServerProcess } from '../../../src/main/servers/server-process.ts';
import { eventually } from '../../support/eventually.ts';

describe('keepRunning', () => {
  it('fails when the first start fails', async () => {
    const start = (): Promise<ServerProcess> => Promise.reject(new Error('no such program'));
    await expect(keepRunning(start, { what: 'it', restart: true })).rejects.toThrow('no such program');
  });

  it('starts the server again each time it ends by itself', async () => {
    const servers = fakeServers();
    const kept = await keepRunning(servers.start, { what: 'it', restart: true });
    servers.crash(1);
    await eventually(() => kept.pid() === 2);
    servers.crash(2);
    await eventually(() => kept.pid() === 3);
    await kept.stop();
    expect(servers.running()).toEqual([]);
  });

  it('keeps trying while starting again fails, and says why', async () => {
    const lines: string[] = [];
    const servers = fakeServers([2]);
    const kept = await keepRunning(servers.start, {
      what: 'it',
      restart: true,
      onProgress: (line) => lines.push(line),
    });
    servers.crash(1);
    await eventually(() => kept.pid() === 3);
    expect(lines).toEqual([
      'it ended unexpectedly (signal SIGKILL); starting it again',
      'it could not be started again: number 2 does not start',
    ]);
    await kept.stop();
  });

  it('leaves it ended where that is wanted, and when it is stopped', async () => {
    const servers = fakeServers();
    const kept = await keepRunning(servers.start, { what: 'it', restart: false });
    servers.crash(1);
    await kept.stop();
    expect(servers.started()).toBe(1);
  });

  it('stops a server that was just being started again', async () => {
    const servers = fakeServers();
    const kept = await keepRunning(servers.start, { what: 'it', restart: true });
    servers.crash(1);
    await kept.stop();
    expect(servers.running()).toEqual([]);
  });
});

/** Servers numbered from 1 that run until they are stopped or crash; those in `failing` do not start. */
function fakeServers(failing: readonly number[] = []) {
  const endings = new EventEmitter();
  const running = new Set<number>();
  let started = 0;
  const end = (pid: number, how: string): void => {
    if (running.delete(pid)) endings.emit(String(pid), how);
  };
  return {
    started: () => started,
    running: () => [...running],
    crash: (pid: number) => end(pid, 'signal SIGKILL'),
    async start(): Promise<ServerProcess> {
      started += 1;
      const pid = started;
      if (failing.includes(pid)) throw new Error(`number ${pid} does not start`);
      running.add(pid);
      const ended = once(endings, String(pid)).then(([how]) => String(how));
      return { pid, ended, hasEnded: () => !running.has(pid), stop: async () => end(pid, 'signal SIGTERM') };
    },
  };
}
