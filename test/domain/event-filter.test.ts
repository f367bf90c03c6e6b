import { describe, expect, it } from '@jest/globals';
import { filterEntriesSelecting, parseFilterEntry } from '../../src/domain/event-filter.ts';
import { isEventTypeName, isReservedEventType } from '../../src/domain/event-type.ts';

describe('filterEntriesSelecting', () => {
  it('names the type, each of its prefixes and everything', () => {
    expect(filterEntriesSelecting('a.b.c', { optIn: false })).toEqual(['a.b.c', 'a.*', 'a.b.*', '*']);
  });

  it('selects an opt-in type by its full name only', () => {
    expect(filterEntriesSelecting('job.progress', { optIn: true })).toEqual(['job.progress']);
  });
});

describe('parseFilterEntry', () => {
  it.each([
    ['*', 'all'],
    ['job.completed', 'name'],
    ['job.*', 'prefix'],
    ['a.b.*', 'prefix'],
    ['invoice', 'name'],
    ['Job-1.Done_2', 'name'],
    ['Job-1.*', 'prefix'],
  ])('reads %s', (entry, kind) => {
    expect(parseFilterEntry(entry)?.kind).toBe(kind);
  });

  it.each([
    '',
    '**',
    'job.',
    '.job',
    'job done',
    'jöb.done',
    'job/done',
    'job.*.done',
    '*.done',
    'job*',
    'job..*',
    ' job.*',
    'job.done\n',
  ])('refuses %j', (entry) => {
    expect(parseFilterEntry(entry)).toBeNull();
  });
});

describe('isEventTypeName', () => {
  it('wants words of letters, digits, _ and -, and at most 256 characters', () => {
    expect(isEventTypeName('job.completed')).toBe(true);
    expect(isEventTypeName('Job')).toBe(true);
    expect(isEventTypeName('1job.x-y')).toBe(true);
    expect(isEventTypeName('job:x')).toBe(false);
    expect(isEventTypeName(`a.${'b'.repeat(254)}`)).toBe(true);
    expect(isEventTypeName(`a.${'b'.repeat(255)}`)).toBe(false);
  });
});

describe('isReservedEventType', () => {
  it('keeps names for Posthorn itself', () => {
    expect(['batch', 'endpoint.failing', 'delivery.dead', 'job.done'].map(isReservedEventType)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
