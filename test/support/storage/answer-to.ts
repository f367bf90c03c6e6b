import type { DrainSender } from '../../../src/sending/drain-sender.ts';
import type { Outgoing } from '../../../src/storage/claims/claim.ts';

/** Has a sender send and record a call; what it said of the answer, undefined where there was none. */
export async function answerTo(sender: DrainSender, outgoing: Outgoing): Promise<boolean | undefined> {
  let said: boolean | undefined;
  await sender(outgoing, (isSuccess) => {
    said = isSuccess;
  });
  return said;
}
