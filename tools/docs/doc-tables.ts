import { API_KEY_SCOPES, SCOPE_MEANINGS } from '../../src/domain/api-key.ts';
import { adviceFor, TRANSPORT_ERROR_ADVICE } from '../../src/domain/error-code.ts';
import { BUILT_IN_EVENT_TYPES } from '../../src/domain/event-type.ts';
import { OPERATIONAL_EVENT_TYPES } from '../../src/domain/operational-event.ts';
import { PROBLEM_CODES, problemText } from '../../src/domain/problems/problem-code.ts';
import { MAY_IMPORT } from '../../test/support/house-rules.ts';
import { actionTables } from './action-tables.ts';
import { costTables } from './cost-tables.ts';
import { ownFigures } from './own-figures.ts';
import { routes } from './routes.ts';
import { code, type DocTable } from './table-text.ts';

/** Every table of the pages that is made from the code. */
export function docTables(): readonly DocTable[] {
  return [
    errorCodes(),
    problemCodes(),
    scopes(),
    eventTypes(),
    operationalEvents(),
    figures(),
    routeTable(),
    auditActions(),
    imports(),
    ...costTables(),
    ...actionTables(),
  ];
}

function errorCodes(): DocTable {
  const statuses = Array.from({ length: 200 }, (_, index) => 400 + index).filter(
    (status) => adviceFor(`http_${status}`) !== adviceFor(status < 500 ? 'http_499' : 'http_599'),
  );
  return {
    page: 'docs/deliveries/error-codes.md',
    marker: 'error-codes',
    head: ['error code', 'what to do'],
    rows: [
      ...Object.entries(TRANSPORT_ERROR_ADVICE).map(([name, advice]) => [code(name), advice]),
      ...statuses.map((status) => [code(`http_${status}`), adviceFor(`http_${status}`)]),
      ['any other `http_4…`', adviceFor('http_499')],
      ['`http_500`, any other `http_5…`', adviceFor('http_599')],
    ],
  };
}

function problemCodes(): DocTable {
  return {
    page: 'docs/publish/problem-codes.md',
    marker: 'problem-codes',
    head: ['code', 'what has happened', 'what to do'],
    rows: [...PROBLEM_CODES, 'schema_…'].map((name) => {
      const text = problemText(name.replace('…', 'type'));
      return [code(name), text?.meaning ?? '', text?.advice ?? ''];
    }),
  };
}

function scopes(): DocTable {
  return {
    page: 'docs/access/keys.md',
    marker: 'scopes',
    head: ['scope', 'a key with it may'],
    rows: API_KEY_SCOPES.map((scope) => [code(scope), SCOPE_MEANINGS[scope]]),
  };
}

function eventTypes(): DocTable {
  return {
    page: 'docs/publish/event-types.md',
    marker: 'event-types',
    head: ['type', 'sent when', 'found by'],
    rows: BUILT_IN_EVENT_TYPES.map(({ name, description, searchable }) => [
      code(name),
      description,
      searchable.map(code).join(', '),
    ]),
  };
}

function operationalEvents(): DocTable {
  return {
    page: 'docs/publish/operational-events.md',
    marker: 'operational-events',
    head: ['operational event', 'sent when', 'its `data`'],
    rows: OPERATIONAL_EVENT_TYPES.map(({ name, description, schema }) => [
      code(name),
      description,
      Object.keys(schema?.properties ?? {})
        .map(code)
        .join(', '),
    ]),
  };
}

function figures(): DocTable {
  return {
    page: 'docs/operate/metrics.md',
    marker: 'figures',
    head: ['name', 'type', 'labels', 'meaning'],
    rows: ownFigures().map(({ name, type, labels, help }) => [
      code(name),
      type,
      labels.map(code).join(', '),
      help,
    ]),
  };
}

function routeTable(): DocTable {
  return {
    page: 'docs/publish/routes.md',
    marker: 'routes',
    head: ['route', 'does', 'scope'],
    rows: routes().map(({ method, path, summary, scopes: asked }) => [
      code(`${method} ${path}`),
      summary,
      asked.map(code).join(', '),
    ]),
  };
}

function auditActions(): DocTable {
  const actions = routes().flatMap(({ action, method, path }) =>
    action === null ? [] : [[code(action), code(`${method} ${path}`)]],
  );
  return {
    page: 'docs/access/audit.md',
    marker: 'audit-actions',
    head: ['action', 'noted by'],
    rows: actions,
  };
}

function imports(): DocTable {
  const told = (rooms: readonly string[]) =>
    rooms
      .map((room) => (room.startsWith('type:') ? `types of ${code(room.slice('type:'.length))}` : code(room)))
      .join(', ');
  return {
    page: 'CONTRIBUTING.md',
    marker: 'imports',
    head: ['room', 'may import'],
    rows: MAY_IMPORT.map(([room, allowed]) => [code(room), told(allowed)]),
  };
}
