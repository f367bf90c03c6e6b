import { type OwnEndpoint, type Posthorn, startPosthorn } from './posthorn.ts';

let holders = 0;
let started: Promise<Posthorn> | null = null;

/** Keeps the borrowed installation for those who come next, until the returned function is called. */
export function keepPosthorn(): () => Promise<void> {
  holders += 1;
  return async () => {
    holders -= 1;
    if (holders > 0) return;
    const last = started;
    started = null;
    await (await last)?.stop();
  };
}

/**
 * An API and a worker with usual settings, which test files that run together have one after another, each with
 * customers of its own. Who kills a process starts another; `stop` gives it back without the endpoints made by
 * `endpoint`.
 */
export async function borrowPosthorn(): Promise<Posthorn> {
  const letGo = keepPosthorn();
  started ??= start();
  const posthorn = await started;
  const endpoints: OwnEndpoint[] = [];
  return {
    ...posthorn,
    endpoint: async (settings) => {
      const endpoint = await posthorn.endpoint(settings);
      endpoints.push(endpoint);
      return endpoint;
    },
    stop: async () => {
      for (const { id } of endpoints) await posthorn.call('DELETE', `/v1/endpoints/${id}`);
      await letGo();
    },
  };
}

async function start(): Promise<Posthorn> {
  const posthorn = await startPosthorn({ environment: { POSTHORN_TIMING: 'test' } });
  await posthorn.startWorker();
  return posthorn;
}
