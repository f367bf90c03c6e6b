import { describe, expect, it } from '@jest/globals';
import { heldPage } from '../../../src/dashboard/data/held-page.ts';

interface Row {
  readonly id: string;
  readonly status: string;
}

function pageOf(ids: string, status = 'sending'): { items: readonly Row[]; cursor: string } {
  return { items: [...ids].map((id) => ({ id, status })), cursor: `after ${ids.at(-1)}` };
}

function held(shown: string, newest: string) {
  const { page, news } = heldPage({
    shown: pageOf(shown),
    newest: pageOf(newest, 'delivered'),
    keyOf: ({ id }: Row) => id,
  });
  return { ids: page.items.map(({ id }) => id).join(''), page, news };
}

describe('heldPage', () => {
  it('keeps the rows in their places, each as it is now', () => {
    const { page, ids } = held('cba', 'edc');
    expect(ids).toBe('cba');
    expect(page.items.map(({ status }) => status)).toEqual(['delivered', 'sending', 'sending']);
  });

  it('goes on from where the page that is shown ends', () => {
    expect(held('cba', 'edc').page.cursor).toBe('after a');
  });

  it.each([
    ['nothing has changed', 'cba', 'cba', null],
    ['two came on top', 'cba', 'edc', { came: 2, gone: 0, isCapped: false }],
    ['one came in between', 'dba', 'dcb', { came: 1, gone: 0, isCapped: false }],
    ['one has left the list', 'dcba', 'dba', { came: 0, gone: 1, isCapped: false }],
    [
      'one has left, so that another moves up from below',
      'dcb',
      'dba',
      { came: 0, gone: 1, isCapped: false },
    ],
    ['one came, and one has left', 'dcba', 'edba', { came: 1, gone: 1, isCapped: false }],
    ['so many came that none is known', 'cba', 'fed', { came: 3, gone: 0, isCapped: true }],
    ['all have left', 'cba', '', { came: 0, gone: 3, isCapped: false }],
  ])('counts what waits where %s', (_case, shown, newest, news) => {
    expect(held(shown, newest).news).toEqual(news);
  });
});
