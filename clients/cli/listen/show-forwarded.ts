import { adviceFor, errorCodeOfStatus } from '../../../src/domain/error-code.ts';
import { printable } from '../output/text.ts';
import type { Session } from '../session.ts';
import type { RelayedAnswer, RelayedRequest } from './forward.ts';
import type { ListenOutput } from './listen-output.ts';
import type { Target } from './target.ts';

/** A request that was forwarded, what came of it, and whether its signatures are right. */
export interface Forwarded {
  readonly target: Target;
  readonly request: RelayedRequest;
  readonly answer: RelayedAnswer;
  /** What is wrong with its signatures; null where they verify. */
  readonly forgery: string | null;
}

/** Shows it as a line: with the code and the advice of a failure, as the log of deliveries has them. */
export function showForwarded(
  { output }: Session,
  { target, request, answer, forgery }: Forwarded,
  mode: ListenOutput,
): void {
  const { status_code, error_detail = null, duration_ms } = answer;
  const error_code = codeOf(answer);
  const facts = {
    event: headerOf(request, 'event'),
    delivery_id: headerOf(request, 'delivery'),
    attempt: Number(headerOf(request, 'attempt')),
    verified: forgery === null,
  };
  if (forgery !== null) output.note(`${facts.delivery_id} does not verify: ${printable(forgery)}`);
  if (mode === 'quiet' && error_code === null) return;
  if (mode === 'jsonl') {
    const { name, url } = target;
    const told = { ...facts, target: name || url.href, status_code, error_code, error_detail, duration_ms };
    output.write(`${JSON.stringify(told)}\n`);
    return;
  }
  const cells = [
    clock(),
    ...(target.name === '' ? [] : [target.name]),
    facts.event,
    facts.delivery_id,
    String(status_code ?? error_code),
    `${Math.round(duration_ms)} ms`,
    ...(error_code === null ? [] : [error_code, adviceFor(error_code)]),
    ...(error_detail ? [error_detail] : []),
  ];
  output.write(`${cells.map(printable).join(output.isTable ? '  ' : '\t')}\n`);
}

/** The time of day, as lines of `listen` begin. */
export function clock(): string {
  return new Date().toTimeString().slice(0, 8);
}

function codeOf({ status_code, error_code = null }: RelayedAnswer): string | null {
  if (status_code === null) return error_code;
  return status_code >= 200 && status_code < 300 ? null : errorCodeOfStatus(status_code);
}

/** By its ending: what comes before is the choice of the installation. */
function headerOf({ headers }: RelayedRequest, ending: string): string {
  const found = Object.entries(headers).find(([name]) => name.toLowerCase().endsWith(`-${ending}`));
  return found?.[1] ?? '-';
}
