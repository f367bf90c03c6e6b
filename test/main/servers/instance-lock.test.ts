import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { AlreadyRunningError, lockForThisProcess } from '../../../src/main/servers/instance-lock.ts';
import { startTimeOf } from '../../../src/main/servers/process-identity.ts';
import { createProcessGroup } from '../../support/processes/processes.ts';
import { newDataDirectory } from '../../support/runs/temporal.ts';

const processes = createProcessGroup();
afterAll(processes.stopAll);

describe('lockForThisProcess', () => {
  it('is refused to anybody else until it is released', () => {
    const directory = newDataDirectory();
    const file = join(directory, 'lock');
    const lock = lockForThisProcess(file, 'a server');
    expect(() => lockForThisProcess(file, 'a server')).toThrow(AlreadyRunningError);
    lock.release();
    expect(readdirSync(directory)).toEqual([]);
    lockForThisProcess(file, 'a server').release();
  });

  it('passes on when its owner was killed', async () => {
    const file = join(newDataDirectory(), 'lock');
    const owner = processes.start(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1000)']);
    await owner.waitForOutput(/up/);
    writeFileSync(file, `${owner.pid} ${startTimeOf(owner.pid)}`);
    expect(() => lockForThisProcess(file, 'a server')).toThrow(`process ${owner.pid}`);
    owner.kill('SIGKILL');
    await owner.ended;
    lockForThisProcess(file, 'a server').release();
  });

  it('passes on when the process id has gone to a stranger', () => {
    const file = join(newDataDirectory(), 'lock');
    writeFileSync(file, `${process.ppid} another start time`);
    lockForThisProcess(file, 'a server').release();
  });

  it.each(['', 'garbage', '-1 0', '0'])('ignores a file that says %j', (text) => {
    const file = join(newDataDirectory(), 'lock');
    writeFileSync(file, text);
    lockForThisProcess(file, 'a server').release();
  });
});
