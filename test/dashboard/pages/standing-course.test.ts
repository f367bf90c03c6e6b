import { describe, expect, it } from '@jest/globals';
import {
  BREAKER_RULES,
  type Change,
  courseOf,
  SWITCH_RULES,
} from '../../../src/dashboard/pages/endpoint/standing-course.ts';

function changesOf(
  ...actions: readonly (readonly [at: number, action: string, changed?: string])[]
): Change[] {
  return actions.map(([at, action, changed]) => ({
    action: `endpoint.${action}`,
    created_at: new Date(at).toISOString(),
    changed: changed === undefined ? [] : [changed],
  }));
}

function breakerOf(changes: readonly Change[], now: 'closed' | 'open' | 'half_open' = 'closed'): string {
  const course = courseOf(changes, { rules: BREAKER_RULES, now, from: 100, to: 200 });
  return course.map(({ state, from, to }) => `${state} ${from}-${to}`).join(', ');
}

describe('the course of a breaker', () => {
  it('goes from state to state as the changes say', () => {
    const changes = changesOf([110, 'breaker_open'], [140, 'breaker_probe'], [145, 'breaker_close']);
    expect(breakerOf(changes)).toBe('closed 100-110, open 110-140, half_open 140-145, closed 145-200');
  });

  it('is what it is now where nothing has changed', () => {
    expect(breakerOf([], 'open')).toBe('open 100-200');
  });

  it('begins with what the first change says of the time before', () => {
    expect(breakerOf(changesOf([150, 'breaker_reopen']), 'open')).toBe('half_open 100-150, open 150-200');
  });

  it('takes in what came before the time that is looked at', () => {
    const changes = changesOf([10, 'create'], [20, 'breaker_open'], [150, 'enable']);
    expect(breakerOf(changes)).toBe('open 100-150, closed 150-200');
  });

  it.each([
    ['resumes it', changesOf([110, 'breaker_open'], [150, 'resume'])],
    ['gives it another URL', changesOf([110, 'breaker_open'], [150, 'update', 'url'])],
  ])('is half open from when somebody %s', (_case, changes) => {
    expect(breakerOf(changes, 'half_open')).toBe('closed 100-110, open 110-150, half_open 150-200');
  });

  it('ends with what it is now, where an entry was written late', () => {
    const changes = changesOf([110, 'breaker_open'], [150, 'breaker_reopen'], [151, 'resume']);
    expect(breakerOf(changes, 'open')).toBe('closed 100-110, open 110-200');
  });

  it('is untouched by what changes nothing of it', () => {
    expect(breakerOf(changesOf([110, 'update', 'description'], [120, 'resume'], [130, 'pause']))).toBe(
      'closed 100-200',
    );
  });
});

describe('the course of the switch', () => {
  it('shows pauses and disablings', () => {
    const changes = changesOf([110, 'pause'], [120, 'resume'], [150, 'disable'], [180, 'enable']);
    const course = courseOf(changes, { rules: SWITCH_RULES, now: 'enabled', from: 100, to: 200 });
    expect(course.map(({ state, from }) => `${state} ${from}`)).toEqual([
      'enabled 100',
      'paused 110',
      'enabled 120',
      'disabled 150',
      'enabled 180',
    ]);
  });
});
