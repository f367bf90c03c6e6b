import { z } from 'zod';
import type { Setting } from '../setting.ts';

const replaySchema = z.object({
  status: z.string(),
  total: z.number(),
  delivered: z.number(),
  remaining: z.number(),
  finished_at: z.string().nullable(),
});

/** A replay as the API shows it. */
export type ReplayView = z.infer<typeof replaySchema>;

/** What an operator asks of the API about replays. */
export function createReplayClient({ installation, postgres }: Pick<Setting, 'installation' | 'postgres'>) {
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${installation.apiUrl}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${installation.adminKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}`);
    return await response.json();
  };
  return {
    /** Begins a replay of all dead letters. @returns its id */
    retryDead: async (): Promise<string> => {
      const answer = await call('POST', '/dead-letters/retry', { all: true });
      return z.object({ replay_id: z.string() }).parse(answer).replay_id;
    },
    /** Begins a replay of any selection. @returns its id */
    begin: async (selection: object): Promise<string> =>
      z.object({ id: z.string() }).parse(await call('POST', '/replays', selection)).id,
    /** Has a cancelled replay go on. */
    goOn: async (replayId: string): Promise<void> => {
      await call('POST', `/replays/${replayId}/continue`);
    },
    /** The id of the endpoint with this URL. */
    idAt: async (url: string): Promise<string> => {
      const { rows } = await postgres.query<{ id: string }>('SELECT id FROM endpoints WHERE url = $1', [url]);
      return rows[0]?.id ?? '';
    },
    cancel: async (replayId: string): Promise<void> => {
      await call('POST', `/replays/${replayId}/cancel`);
    },
    read: async (replayId: string): Promise<ReplayView> =>
      replaySchema.parse(await call('GET', `/replays/${replayId}`)),
    /** Switches the endpoint with this number. */
    act: async (endpoint: number, action: 'pause' | 'resume'): Promise<void> => {
      const { rows } = await postgres.query<{ id: string }>(
        'SELECT id FROM endpoints WHERE customer_id = $1',
        [`bench-${endpoint}`],
      );
      await call('POST', `/endpoints/${rows[0]?.id}/${action}`);
    },
  };
}
