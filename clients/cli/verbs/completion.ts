import { Argument, type Command } from 'commander';
import type { AddCommands } from '../call.ts';

/** A command, its options and what is below it. */
export interface CommandTree {
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly string[];
  readonly options: readonly {
    readonly flags: string;
    readonly description: string;
    readonly default?: unknown;
  }[];
  readonly commands: readonly CommandTree[];
}

/** Everything that can be asked for, for programs, completion and documentation. */
export function describeCommand(command: Command): CommandTree {
  const { commands, options, registeredArguments } = command;
  return {
    name: command.name(),
    description: command.description(),
    arguments: registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`)),
    options: options.map(({ flags, description, defaultValue }) => ({
      flags,
      description,
      ...(defaultValue !== undefined && typeof defaultValue !== 'boolean' && { default: defaultValue }),
    })),
    commands: commands.map(describeCommand),
  };
}

/** `posthorn completion` and `posthorn commands`: what there is, for shells and for programs. */
export const addCompletion: AddCommands = (program, handle) => {
  const completion = program
    .command('completion')
    .description('completion of commands and options: eval "$(posthorn completion bash)"')
    .addArgument(new Argument('<shell>', 'for this shell').choices(['bash']));
  handle(completion, async ({ session }) => session.output.write(bashScript(describeCommand(program))));
  handle(
    program.command('commands').description('every command with its options, as JSON'),
    async ({ session }) => session.output.write(`${JSON.stringify(describeCommand(program), null, 2)}\n`),
  );
};

function bashScript(tree: CommandTree): string {
  const cases = wordsByPath(tree, []).map(
    ([path, words]) => `    "${path}") words="${words.join(' ')}" ;;\n`,
  );
  return `_posthorn() {
  local path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases.join('')}  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _posthorn posthorn
`;
}

function wordsByPath(
  tree: CommandTree,
  path: readonly string[],
): readonly (readonly [string, readonly string[]])[] {
  const flags = tree.options.flatMap(({ flags }) => /--[\w-]+/.exec(flags)?.[0] ?? []);
  const words = [...tree.commands.map(({ name }) => name), ...flags];
  return [[path.join(' '), words], ...tree.commands.flatMap((one) => wordsByPath(one, [...path, one.name]))];
}
