import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_BATCH_SETTINGS } from '../src/domain/batch.ts';
import { DEFAULT_BREAKER_SETTINGS } from '../src/domain/breaker.ts';
import { DELIVERY_STATUSES } from '../src/domain/delivery.ts';
import { DEFAULT_TIMEOUT_MS, ENDPOINT_LIMITS } from '../src/domain/endpoint.ts';
import { HOLD_REASONS } from '../src/domain/hold-reason.ts';
import { DEFAULT_RETRY_POLICY } from '../src/domain/retry-schedule.ts';
import { welcomeText } from '../src/main/welcome/welcome-text.ts';
import { environmentSchema, SECRET_SETTINGS } from '../src/settings/environment.ts';
import { docTables } from '../tools/docs/doc-tables.ts';
import { withTable } from '../tools/docs/table-text.ts';
import { anchorsOf, codesIn, linksOf, matches, PAGES, pageText, tableOf } from './support/docs/pages.ts';

/** To which Temporal's own tools add `/decode` and `/encode`. */
const CODEC_ENDPOINT = '/v1/temporal/codec';
/** A code span that can only be a file or folder of the repository. */
const OWN_PATH = /^(?:src|test|workflows|activities|tools|bench|clients|deploy|docs|\.ci)\/[\w./-]+$/;
const MOST_BYTES = 12_288;
const MOST_LINES = 250;
const MOST_COLUMNS = 120;

/** What somebody who has not seen the project asks first, where README.md leads them, and the answer there. */
const NEWCOMER_QUESTIONS = [
  ['where is a retry decided?', 'docs/internals/one-event.md', 'This is where a retry is decided'],
  ['where would a new endpoint setting go?', 'CONTRIBUTING.md', '## A new setting of endpoints'],
  [
    'what happens to a held delivery when its endpoint is deleted?',
    'docs/endpoints/settings.md',
    'cancels what is open, held deliveries included',
  ],
  [
    'how is a request signed?',
    'docs/receive/verify.md',
    'every request is signed three times, each by an HMAC-SHA256',
  ],
  ['what runs while Temporal is away?', 'docs/operate/failures.md', '## While Temporal is away'],
] as const;

describe('README.md', () => {
  const readme = pageText('README.md');

  it('shows what npm start prints', () => {
    const seconds = /ready after (\S+) s\./.exec(readme)?.[1] ?? '';
    const text = welcomeText({
      url: 'http://127.0.0.1:3400',
      consoleUrl: 'http://127.0.0.1:3400/ui#code=…',
      seconds,
      adminKey: 'phk_…',
      temporalUiUrl: 'http://127.0.0.1:8233',
      endpoint: 'ep_…',
    });
    expect(readme).toContain(`\n\`\`\`text\n${text.trim()}\n\`\`\`\n`);
  });

  it('can be read in a few minutes', () => {
    expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(MOST_BYTES);
    expect(readme.split('\n').length).toBeLessThanOrEqual(MOST_LINES);
  });

  it.each(NEWCOMER_QUESTIONS)('answers within one click: %s', (_question, page, answer) => {
    expect(pagesFrom('README.md')).toContain(page);
    expect(pageText(page).replaceAll(/\s+/g, ' ')).toContain(answer);
  });

  it('leads to every page within two clicks', () => {
    const first = new Set(pagesFrom('README.md'));
    const second = new Set([...first, ...[...first].flatMap(pagesFrom)]);
    const docs = PAGES.filter((page) => page.startsWith('docs/'));
    expect(docs.filter((page) => !second.has(page))).toEqual([]);
  });
});

describe('docs', () => {
  it('names every variable that the configuration reads, and no other', () => {
    const read = [
      ...Object.keys(environmentSchema.shape),
      ...SECRET_SETTINGS.map((name) => `${name}_FILE`),
      ...matches(/\benvironment\.([A-Z_]+)/g, readFileSync('src/config.ts', 'utf8')),
    ];
    const rows = tableOf('docs/operate/configuration.md', 'settings');
    const named = rows.flatMap(([names = '']) => codesIn(names));
    expect(named.sort()).toEqual([...new Set(read)].sort());
  });

  it.each(docTables())('has the table $marker in $page as the code has it (npm run docs)', (table) => {
    const text = pageText(table.page);
    expect(withTable(text, table)).toBe(text);
  });

  it('tells the limits and defaults of the settings of endpoints', () => {
    const table = tableOf('docs/endpoints/settings.md', 'endpoint-settings');
    const rows = table.map(([name = '', ...cells]) => {
      const [initial, least, most] = cells.slice(0, 3).map(numbersIn);
      return [codesIn(name)[0], { initial, least, most }];
    });
    expect(Object.fromEntries(rows)).toMatchObject(expectedSettings());
  });

  it('explains every state of a delivery', () => {
    const states = tableOf('docs/deliveries/states.md', 'states').flatMap(([name = '']) => codesIn(name));
    expect(states).toEqual([...DELIVERY_STATUSES].sort((a, b) => states.indexOf(a) - states.indexOf(b)));
  });

  it('names everything that may hold a delivery back', () => {
    const held = tableOf('docs/deliveries/states.md', 'states').find(([name]) => name === '`held`');
    expect(codesIn(held?.[1] ?? '')).toEqual(['held_by', ...HOLD_REASONS]);
  });

  it('names only routes that exist', () => {
    const routes = [...routesOfControllers(), CODEC_ENDPOINT];
    const told = PAGES.filter((page) => !page.startsWith('docs/moving-in/'))
      .map(pageText)
      .join('\n');
    const named = matches(/((?:\b[A-Z]+ )?\/v1\/[^\s`"'?)]+)/g, told).map((text) =>
      text.replace(/[/.,*]+$/, ''),
    );
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((text) => !routes.some((route) => isAt(text, route)))).toEqual([]);
  });

  it.each(PAGES)('leads from %s to files and headings that there are', (page) => {
    const broken = linksOf(page).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it.each(PAGES)('has lines of at most 120 columns in %s, but for tables and what programs print', (page) => {
    const prose = pageText(page).replaceAll(/```(?:text|json|promql)[\s\S]*?```/g, '');
    const long = prose.split('\n').filter((line) => [...line].length > MOST_COLUMNS && !line.startsWith('|'));
    expect(long).toEqual([]);
  });

  it('names only files that there are', () => {
    const files = PAGES.flatMap((page) => codesIn(pageText(page))).filter((text) => OWN_PATH.test(text));
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });
});

function pagesFrom(page: string): readonly string[] {
  const paths = linksOf(page).map((link) => join(dirname(page), link.split('#')[0] ?? ''));
  return paths.filter((path) => path.endsWith('.md'));
}

function numbersIn(cell: string): number[] {
  return matches(/(\d[\d,]*(?:\.\d+)?)/g, cell).map((text) => Number(text.replaceAll(',', '')));
}

function expectedSettings(): Record<string, object> {
  const { timeoutMs, maxRetries, delays, delayMs, factor, jitter, headers, ...texts } = ENDPOINT_LIMITS;
  const retry = DEFAULT_RETRY_POLICY;
  if (retry.strategy === 'schedule') throw new Error('the default policy has no schedule');
  const between = ({ min, max }: { min: number; max: number }, initial: number) => ({
    initial: [initial],
    least: [min],
    most: [max],
  });
  return {
    ...expectedRules(),
    url: { most: [texts.urlLength.max] },
    events: { least: [texts.events.min], most: [texts.events.max] },
    description: { most: [texts.descriptionLength.max] },
    headers: { most: [headers.max, headers.maxBytes] },
    timeout_ms: between(timeoutMs, DEFAULT_TIMEOUT_MS),
    'retry.max_retries': between(maxRetries, retry.maxRetries),
    'retry.initial_ms': between(delayMs, retry.initialMs),
    'retry.factor': between(factor, retry.factor),
    'retry.max_ms': between(delayMs, retry.maxMs),
    'retry.jitter': between(jitter, retry.jitter),
    'retry.delays_ms': { least: [delays.min, delayMs.min], most: [delays.max, delayMs.max] },
  };
}

function expectedRules(): Record<string, object> {
  const limits = ENDPOINT_LIMITS;
  const batch = DEFAULT_BATCH_SETTINGS;
  const breaker = DEFAULT_BREAKER_SETTINGS;
  const between = ({ min, max }: { min: number; max: number }, ...initial: number[]) => ({
    initial,
    least: [min],
    most: [max],
  });
  return {
    'rate_limit.limit': between(limits.rateLimit),
    max_concurrency: between(limits.maxConcurrency),
    'batch.max_events': between(limits.batchEvents, batch.maxEvents),
    'batch.max_wait_ms': between(limits.batchWaitMs, batch.maxWaitMs),
    'batch.max_bytes': between(limits.batchBytes, batch.maxBytes),
    'breaker.consecutive_failures': between(limits.consecutiveFailures, breaker.consecutiveFailures),
    'breaker.failure_ratio': between(limits.failureRatio, breaker.failureRatio),
    'breaker.minimum_attempts': between(limits.minimumAttempts, breaker.minimumAttempts),
    'breaker.window_ms': between(limits.windowMs, breaker.windowMs),
    'breaker.cooldown_ms': between(limits.cooldownMs, breaker.cooldownMs),
    'breaker.max_cooldown_ms': between(limits.cooldownMs, breaker.maxCooldownMs),
  };
}

/** Every route of the controllers as method and path, such as `GET /v1/events/:id`. */
function routesOfControllers(): string[] {
  const files = readdirSync('src/api', { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.controller.ts'))
    .flatMap((file) => routesIn(readFileSync(join('src/api', file), 'utf8')));
}

function routesIn(source: string): string[] {
  const base = /@Controller\('([^']+)'\)/.exec(source)?.[1] ?? '';
  return [...source.matchAll(/@(Get|Post|Patch|Put|Delete)\(([^)]*)\)/g)].flatMap(
    ([, method = '', args = '']) => {
      const paths = matches(/'([^']+)'/g, args);
      const below = paths.length === 0 ? [''] : paths.map((path) => `/${path}`);
      return below.map((path) => `${method.toUpperCase()} /${base}${path}`);
    },
  );
}

/** Whether a path in the text, with its method where one is given, is served by a route. */
function isAt(text: string, route: string): boolean {
  const [path = '', method] = text.split(' ').reverse();
  const [routePath = '', routeMethod] = route.split(' ').reverse();
  const pattern = routePath.replace(/:[^/]+/g, '[^/]+');
  return (method === undefined || method === routeMethod) && new RegExp(`^${pattern}$`).test(path);
}
