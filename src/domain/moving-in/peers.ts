import { fromConvoy } from './from-convoy.ts';
import { fromOutpost } from './from-outpost.ts';
import { fromPosthorn } from './from-posthorn.ts';
import { fromSvix } from './from-svix.ts';
import type { Members, MovedEndpoint } from './moved-endpoint.ts';

/** Whose endpoints can be imported. */
export const PEERS = ['svix', 'convoy', 'outpost', 'posthorn'] as const;
export type Peer = (typeof PEERS)[number];

/** How the endpoints of each are read. */
export const READ_ENDPOINT: Readonly<Record<Peer, (source: Members) => MovedEndpoint>> = {
  svix: fromSvix,
  convoy: fromConvoy,
  outpost: fromOutpost,
  posthorn: fromPosthorn,
};
