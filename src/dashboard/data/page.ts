/** Which part of the console this page is: the operator's, or a customer's portal. */
export type Door = 'ui' | 'portal';

const { base = '', door = 'ui', version = '' } = document.documentElement.dataset;

/** What the server says of the page: what stands before every path, its door, and the version it came from. */
export const PAGE: { readonly base: string; readonly door: Door; readonly version: string } = {
  base,
  door: door === 'portal' ? 'portal' : 'ui',
  version,
};

/** Where the places of this page begin. */
export const PAGE_ROOT = `${PAGE.base}/${PAGE.door}`;
