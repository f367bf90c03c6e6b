// @ts-check
// Run by bootstrap.mjs: bundles what browsers run into dist/dashboard, each file under a name that tells its content,
// with its compressed forms beside it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const OUT = join(ROOT, 'dist', 'dashboard');

await build({
  root: join(ROOT, 'src', 'dashboard'),
  configFile: false,
  logLevel: 'error',
  // Relative, so that the API may mount it below any path.
  base: './',
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    // Inline scripts and data URLs of fonts are against the content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
const assets = join(OUT, 'assets');
for (const name of readdirSync(assets)) compress(join(assets, name));

/** @param {string} file */
function compress(file) {
  const bytes = readFileSync(file);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: quality }));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
}
