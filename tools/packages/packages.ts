import { assemblePackage, PACKAGES } from './assemble-package.ts';
import { declareClients } from './declare-clients.ts';

/** `npm run packages`: builds what is installed elsewhere, one file a package, in `dist/packages`. */
await declareClients();
for (const name of PACKAGES) process.stdout.write(`${await assemblePackage(name)}\n`);
