import { listeningPorts } from '../../src/main/servers/listening-ports.ts';

/** How many actions a server has counted so far, by their kind, such as `grpc_StartWorkflowExecution`. */
export type ActionCounts = Readonly<Record<string, number>>;

const ACTION = /^action\{([^}]*)\} (\S+)$/gm;
const NAMESPACE = 'namespace="default"';

/**
 * Reads a Temporal server's own count of its actions: what Temporal Cloud bills. @throws Error where no port of the
 * process shows figures
 */
export async function readActions(pid: number): Promise<ActionCounts> {
  for (const port of listeningPorts(pid)) {
    const text = await fetch(`http://127.0.0.1:${port}/metrics`)
      .then(async (answer) => await answer.text())
      .catch(() => '');
    if (text.includes('\n# TYPE action ')) return actionsIn(text);
  }
  throw new Error(`the server ${pid} shows no figures of its actions`);
}

/** What was counted since an earlier reading. */
export function actionsSince(before: ActionCounts, after: ActionCounts): ActionCounts {
  const counts = Object.entries(after).map(([kind, count]) => [kind, count - (before[kind] ?? 0)] as const);
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

/** All of them. */
export function totalOf(counts: ActionCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function actionsIn(text: string): ActionCounts {
  const counts: Record<string, number> = {};
  for (const [, labels = '', value] of text.matchAll(ACTION)) {
    const kind = /action_type="([^"]+)"/.exec(labels)?.[1];
    if (kind !== undefined && labels.includes(NAMESPACE)) counts[kind] = (counts[kind] ?? 0) + Number(value);
  }
  return counts;
}
