import { createProgram } from '../../../clients/cli/program.ts';
import { type CommandTree, describeCommand } from '../../../clients/cli/verbs/completion.ts';

/** Those that ask no instance, are about profiles, or need less or more around them: other tests here run them. */
export const RUN_ELSEWHERE: readonly string[] = [
  'listen',
  'verify',
  'sign',
  'completion',
  'commands',
  'login',
  'logout',
  'whoami',
  'keys rotate-master',
  'customers list',
  'customers get',
  'customers put',
  'customers delete',
  'portal link',
  'portal list',
  'portal revoke',
];

/** Every command that does something, such as `endpoints secret show`, in order. */
export function commandNames(): readonly string[] {
  return leavesOf(describeCommand(createProgram('', (command) => command)), []).toSorted();
}

function leavesOf({ commands }: CommandTree, path: readonly string[]): readonly string[] {
  return commands.flatMap((one) => {
    const name = [...path, one.name];
    return one.commands.length > 0 ? leavesOf(one, name) : [name.join(' ')];
  });
}
