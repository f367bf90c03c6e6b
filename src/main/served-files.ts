import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const PACKAGE = dirname(createRequire(import.meta.url).resolve('posthorn/package.json'));

/** Where the build puts the console. */
export const CONSOLE_DIRECTORY = join(PACKAGE, 'dist', 'dashboard');

/** The OpenAPI document, which comes with the clients; the tests hold it to the routes. */
export const DOCUMENT_FILE = join(PACKAGE, 'clients', 'openapi.json');
