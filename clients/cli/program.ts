import { Command } from 'commander';
import type { AddCommands, Handle } from './call.ts';
import { addDoctor } from './doctor/doctor.ts';
import { EXIT, EXIT_MEANINGS } from './exit-codes.ts';
import { durationMs } from './input/times.ts';
import { addCustomers } from './nouns/customers.ts';
import { addDeadLetters } from './nouns/dead-letters.ts';
import { addDeliveries } from './nouns/deliveries.ts';
import { addEndpoints } from './nouns/endpoints.ts';
import { addEventTypes } from './nouns/event-types.ts';
import { addEvents } from './nouns/events.ts';
import { addKeys } from './nouns/keys.ts';
import { addPortal } from './nouns/portal.ts';
import { addReplays } from './nouns/replays.ts';
import { addCheck } from './verbs/check.ts';
import { addCompletion } from './verbs/completion.ts';
import { addListen } from './verbs/listen.ts';
import { addLogin } from './verbs/login.ts';
import { addSign } from './verbs/sign.ts';
import { addStats } from './verbs/stats.ts';
import { addTail } from './verbs/tail.ts';
import { addTrigger } from './verbs/trigger.ts';
import { addVerify } from './verbs/verify.ts';

/** In the order of the help. */
const COMMANDS: readonly AddCommands[] = [
  addListen,
  addTrigger,
  addTail,
  addEvents,
  addDeliveries,
  addDeadLetters,
  addReplays,
  addEndpoints,
  addEventTypes,
  addKeys,
  addCustomers,
  addPortal,
  addVerify,
  addSign,
  addStats,
  addDoctor,
  addCheck,
  addLogin,
  addCompletion,
];

const SERVER = `Where the server is installed, its roles have their own names:
  posthorn dev       everything in one process, with embedded Postgres and Temporal where no address is given
  posthorn all       everything on one node over a Postgres of yours, with a Temporal of its own
  posthorn api       accepts and reads over HTTP, starts workflows
  posthorn worker    runs workflows, signs and sends
  posthorn migrate   brings the database to the current schema, then ends
  posthorn restored  holds what a restored database believes to be open, until somebody has looked
  posthorn check     reads the settings of the roles that it names, connects to nothing, and says what is wrong
  posthorn temporal  looks whether Temporal can be used, and says what is to be created there`;

/** The command line, as far as it depends on nothing. */
export function createProgram(version: string, handle: Handle): Command {
  const program = new Command('posthorn')
    .description('The command line of Posthorn: publish events, follow deliveries, look after endpoints.')
    .version(version)
    .option('--profile <name>', 'the instance that login kept under this name')
    .option('--api-url <url>', 'the instance at this URL')
    .option('--key-file <file>', 'the file that holds the API key')
    .option('--json', 'the JSON of the API; where a list has --all, a line an item')
    .option('--plain', 'columns between tabs, as where it goes to no terminal')
    .option('-o, --output-file <file>', 'data goes into this file')
    .option('-q, --quiet', 'data and errors only')
    .option('--verbose', 'tells each request with its id')
    .option('--no-color', 'no colours, as with NO_COLOR')
    .option('-y, --yes', 'yes to every question')
    .option('--no-input', 'asks nothing: what needs an answer fails')
    .option('--timeout <duration>', 'the longest that one request may take', durationMs)
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .addHelpText('after', () => `\n${exitCodes()}\n\n${SERVER}`);
  for (const add of COMMANDS) add(program, handle);
  return program;
}

function exitCodes(): string {
  const lines = Object.entries(EXIT_MEANINGS).map(
    ([name, meaning]) => `  ${String(EXIT[name as keyof typeof EXIT]).padEnd(4)} ${meaning}`,
  );
  return `Exit codes:\n${lines.join('\n')}`;
}
