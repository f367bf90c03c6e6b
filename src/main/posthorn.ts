#!/usr/bin/env node
import { isRole } from './roles/role-names.ts';

const name = process.argv[2] ?? '';
// Each loads only what it needs: the command line starts without the server.
if (isRole(name)) await (await import('./roles/run-role.ts')).runRole(name);
else if (name === 'temporal') await (await import('./roles/look-at-temporal.ts')).lookAtTemporal();
else if (name === 'check') (await import('./roles/check-settings.ts')).checkSettings(process.argv.slice(3));
else if (name === 'restored')
  await (await import('./roles/hold-restored.ts')).holdRestored(process.argv.slice(3));
else await import('../../clients/cli/main.ts');
