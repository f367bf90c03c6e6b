import { EXIT, EXIT_MEANINGS } from '../../clients/cli/exit-codes.ts';
import { createProgram } from '../../clients/cli/program.ts';
import { type CommandTree, describeCommand } from '../../clients/cli/verbs/completion.ts';

const INTRODUCTION = `# The command line

Made by \`npm run docs\` from the commands themselves: not to be edited.

In a clone it is \`./posthorn\`, which builds what is missing; elsewhere it is a package of its own, without the
server, that \`npm run packages\` builds: \`npm install --global ./posthorn-cli-0.1.0.tgz\`. In the container image it
is what the entry point runs.

**Which instance.** \`--profile\` or \`--api-url\`, else \`POSTHORN_URL\`, else \`.posthorn.json\` of this \
directory (\`url\`
or \`profile\`, never a key), else the profile that \`posthorn login\` made, else the instance that \`npm start\` runs
from this directory or one above (by \`POSTHORN_DATA_DIR\` another). The key is that of \`--key-file\`, else
\`POSTHORN_API_KEY\`, else what belongs to the instance; where \`.posthorn.json\` names the URL, only a profile with
that URL has a key for it. \`posthorn whoami\` says what is used, and why.

**What it writes.** Data goes to standard output, everything else to standard error. A terminal gets tables;
anything else gets the same columns between tabs, without heads. \`--json\` is the answer of the API as it came; lists
with \`--all\` are a line an item.

**Questions.** What cannot be undone is asked first. Where nobody can be asked it needs \`--yes\`; bulk actions only
count then.

**Times** are RFC 3339, or so long ago (ahead, where it is about the future): \`90s\`, \`10m\`, \`24h\`, \`7d\`, \`2w\`.
**JSON** is given as it is, as \`@file\`, or as \`-\` for standard input. **Secrets** are never arguments, which every
user of a machine can read: \`--secret-file\`, or \`POSTHORN_WEBHOOK_SECRET\`. Nothing is reported to anybody, and no
update is looked for.
`;

/** `docs/cli.md`: every command with its options. */
export function describeCli(): string {
  const tree = describeCommand(createProgram('0.0.0', (command) => command));
  const own = tree.options.filter(({ flags }) => !flags.includes('--version'));
  return [
    INTRODUCTION,
    '## Options of every command\n',
    optionTable(own),
    '## Exit codes\n',
    exitTable(),
    ...tree.commands.flatMap((command) => describe(command, [], 2)),
  ].join('\n');
}

function describe(command: CommandTree, path: readonly string[], level: number): readonly string[] {
  const name = [...path, command.name];
  const head = `${'#'.repeat(level)} ${['posthorn', ...name, ...command.arguments].join(' ')}\n`;
  const text = `${sentence(command.description)}\n`;
  const options = command.options.length > 0 ? [optionTable(command.options)] : [];
  return [head, text, ...options, ...command.commands.flatMap((one) => describe(one, name, level + 1))];
}

function optionTable(options: CommandTree['options']): string {
  const rows = options.map(({ flags, description, default: initial }) => {
    const told = initial === undefined ? '' : ` (default: ${JSON.stringify(initial)})`;
    return `| \`${flags}\` | ${description.replaceAll('|', '\\|')}${told} |`;
  });
  return ['| option | |', '| --- | --- |', ...rows, ''].join('\n');
}

function exitTable(): string {
  const rows = Object.entries(EXIT_MEANINGS).map(
    ([name, meaning]) => `| ${EXIT[name as keyof typeof EXIT]} | ${meaning} |`,
  );
  return ['| code | |', '| --- | --- |', ...rows, ''].join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
