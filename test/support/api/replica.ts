import { createApiServer } from '../../../src/api/create-api-server.ts';
import type { ApiDependencies } from '../../../src/api/dependencies.ts';
import { type ApiCall, type ApiUnderTest, callWith } from './api.ts';

/** Another API over the same database. */
export interface Replica {
  readonly url: string;
  readonly operator: ApiCall;
  close(): Promise<void>;
}

/** Starts one whose dependencies differ in these. */
export async function startReplica(api: ApiUnderTest, instead: Partial<ApiDependencies>): Promise<Replica> {
  const server = await createApiServer({ ...api.dependencies, ...instead });
  const { port } = await server.listen('127.0.0.1', 0);
  const url = `http://127.0.0.1:${port}`;
  return { url, operator: callWith(url, api.adminKey), close: async () => await server.close() };
}
