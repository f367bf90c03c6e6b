import type { components } from '../../typescript/schema.ts';
import type { AddCommands } from '../call.ts';
import { EXIT } from '../exit-codes.ts';
import { pastTime } from '../input/times.ts';
import { listedOf, wholeFrom } from '../input/values.ts';
import type { Column } from '../output/output.ts';
import { printable } from '../output/text.ts';
import type { Session } from '../session.ts';
import { followStream } from '../streams/follow-stream.ts';

type Outcome = components['schemas']['DeliveryOutcome'];

interface TailOptions {
  readonly customer?: string;
  readonly endpoint?: string;
  readonly event?: string;
  readonly errorCode?: string;
  readonly status?: readonly Outcome['status'][];
  readonly since?: string;
  readonly exitAfter?: number;
}

const STATUSES = ['delivered', 'dead', 'cancelled', 'skipped', 'open'] as const;

const COLUMNS: readonly Column<Outcome>[] = [
  ['at', (one) => one.at],
  ['delivery', (one) => one.delivery_id],
  ['event', (one) => one.event],
  ['customer', (one) => one.customer_id ?? '(operator)'],
  ['endpoint', (one) => one.endpoint_id],
  ['status', (one) => one.status],
  ['attempt', (one) => one.attempt],
  ['code', (one) => one.error_code ?? one.status_code],
  ['ms', (one) => one.duration_ms],
];

/** `posthorn tail`: attempts, and ends without one, as they happen. */
export const addTail: AddCommands = (program, handle) => {
  const tail = program
    .command('tail')
    .description('attempts as they happen, from now on or --since')
    .option('--customer <id>', 'of this customer')
    .option('--endpoint <id>', 'to this endpoint')
    .option('--event <type>', 'of this type')
    .option('--error-code <code>', 'that failed so')
    .option('--status <states>', `what became of the delivery: ${STATUSES.join(', ')}`, listedOf(STATUSES))
    .option('--since <time>', 'then or later, an hour ago at the earliest: RFC 3339, or 10m', pastTime)
    .option('--exit-after <n>', 'ends after so many lines', wholeFrom(1));
  handle<TailOptions>(tail, async ({ session, options }) => {
    let shown = 0;
    for await (const { event, data } of outcomes(session, options)) {
      if (event === 'missed')
        noteMissed(session, data as { readonly after: string; readonly before: string });
      if (event !== 'outcome') continue;
      show(session, data as Outcome);
      shown += 1;
      if (shown === options.exitAfter) return EXIT.done;
    }
    return EXIT.failed;
  });
};

function outcomes(session: Session, options: TailOptions) {
  const { customer, endpoint, event, errorCode, status, since } = options;
  let isLost = false;
  return followStream(session, '/v1/deliveries/stream', {
    query: {
      customer_id: customer,
      endpoint_id: endpoint,
      event,
      error_code: errorCode,
      status: status?.join(','),
      after: since,
    },
    onConnected: () => {
      if (isLost) session.output.note('connected');
      isLost = false;
    },
    onLost: (reason) => {
      if (!isLost) session.output.note(`reconnecting (${reason})…`);
      isLost = true;
    },
  });
}

function noteMissed(
  { output }: Session,
  { after, before }: { readonly after: string; readonly before: string },
): void {
  output.note(
    `missed what happened from ${after} to ${before}: posthorn deliveries list --since ${after} --all`,
  );
}

function show({ output }: Session, outcome: Outcome): void {
  if (output.isJson) output.write(`${JSON.stringify(outcome)}\n`);
  else {
    const cells = COLUMNS.map(([, cell]) => printable(String(cell(outcome) ?? '-')));
    output.write(`${cells.join(output.isTable ? '  ' : '\t')}\n`);
  }
}
