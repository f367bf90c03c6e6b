import { writeFileSync } from 'node:fs';
import { describeCli } from './describe-cli.ts';

writeFileSync('docs/cli.md', describeCli());
