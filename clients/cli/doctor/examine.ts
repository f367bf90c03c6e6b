import type { KeyScope } from '../../typescript/key-scopes.ts';
import type { Session } from '../session.ts';
import type { Check, Finding } from './finding.ts';
import { lookAtApi, lookAtName } from './look-at-api.ts';
import { lookAtKey } from './look-at-key.ts';
import { lookAtRoundTrip } from './look-at-round-trip.ts';
import { lookAtState } from './look-at-state.ts';

/** Where one of these fails nothing is left to be looked at. */
const FOUNDATIONS = ['dns', 'api', 'key'];

/** Everything that can be looked at, by a key of any scopes; sends one event round. */
export async function examineAll(session: Session): Promise<readonly Finding[]> {
  return await examine(session, [lookAtName, lookAtApi, lookAtState, lookAtKey([]), lookAtRoundTrip]);
}

/** What the command line itself is set to: instance, versions and key, whose scopes these must be among. */
export async function examineSettings(
  session: Session,
  scopes: readonly KeyScope[],
): Promise<readonly Finding[]> {
  return await examine(session, [lookAtName, lookAtApi, lookAtKey(scopes)]);
}

/** Shows them, and on standard error what mends those that failed. */
export function showFindings({ output }: Session, findings: readonly Finding[]): void {
  if (output.isJson) output.write(`${JSON.stringify({ findings })}\n`);
  else
    output.table(findings, [
      ['check', (one) => one.check],
      ['', (one) => one.outcome],
      ['what', (one) => one.detail],
    ]);
  for (const { check, remedy } of findings) if (remedy !== null) output.note(`${check}: ${remedy}`);
}

async function examine(session: Session, looks: readonly Check[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const look of looks) {
    const found = await look(session);
    findings.push(...found);
    if (found.some(({ check, outcome }) => outcome === 'failed' && FOUNDATIONS.includes(check))) break;
  }
  return findings;
}
