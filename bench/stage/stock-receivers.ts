import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import getPort from 'get-port';
import { findOnPath } from '../../src/main/servers/download/find-on-path.ts';
import type { ProcessGroup } from '../../test/support/processes/processes.ts';
import { waitUntil } from '../load/wait-until.ts';

/**
 * A web server as customers run it, which answers every request and closes connections that are idle for two seconds.
 */
export interface StockReceiver {
  readonly name: string;
  readonly url: string;
}

/** One that is not on this machine, and what brings it. */
export interface MissingReceiver {
  readonly name: string;
  readonly remedy: string;
}

export const KEEP_ALIVE_SECONDS = 2;

interface Recipe {
  readonly name: string;
  readonly command: string;
  readonly remedy: string;
  /** Writes what it needs into the directory, and gives the arguments to start it with. */
  readonly prepare: (directory: string, port: number) => readonly string[];
}

const RECIPES: readonly Recipe[] = [
  {
    name: 'nginx',
    command: 'nginx',
    remedy: 'Debian package nginx',
    prepare: (directory, port) => {
      const file = join(directory, 'nginx.conf');
      writeFileSync(file, nginxConfig(directory, port));
      return ['-e', 'stderr', '-p', directory, '-c', file];
    },
  },
  {
    name: 'Apache',
    command: 'apache2',
    remedy: 'Debian package apache2',
    prepare: (directory, port) => {
      const file = join(directory, 'apache.conf');
      writeFileSync(file, apacheConfig(directory, port));
      return ['-d', directory, '-f', file, '-DFOREGROUND'];
    },
  },
  {
    name: 'gunicorn',
    command: 'gunicorn',
    remedy: 'PyPI package gunicorn',
    prepare: (directory, port) => {
      writeFileSync(join(directory, 'wsgi_receiver.py'), WSGI);
      const keepAlive = ['--keep-alive', String(KEEP_ALIVE_SECONDS)];
      return [
        '--chdir',
        directory,
        '-k',
        'gthread',
        ...keepAlive,
        '-b',
        `127.0.0.1:${port}`,
        'wsgi_receiver:app',
      ];
    },
  },
  {
    name: 'uvicorn',
    command: 'uvicorn',
    remedy: 'PyPI package uvicorn',
    prepare: (directory, port) => {
      writeFileSync(join(directory, 'asgi_receiver.py'), ASGI);
      const keepAlive = ['--timeout-keep-alive', String(KEEP_ALIVE_SECONDS)];
      return [
        '--app-dir',
        directory,
        ...keepAlive,
        '--port',
        String(port),
        '--no-access-log',
        'asgi_receiver:app',
      ];
    },
  },
  {
    name: 'Node',
    command: 'node',
    remedy: 'node on the PATH',
    prepare: (directory, port) => {
      const file = join(directory, 'receiver.mjs');
      writeFileSync(file, NODE);
      return [file, String(port), String(KEEP_ALIVE_SECONDS)];
    },
  },
];

/** Starts those that this machine has; the group ends them. */
export async function startStockReceivers(
  processes: ProcessGroup,
  { directory, signal }: { readonly directory: string; readonly signal: AbortSignal },
): Promise<{ readonly started: readonly StockReceiver[]; readonly missing: readonly MissingReceiver[] }> {
  const started: StockReceiver[] = [];
  const missing: MissingReceiver[] = [];
  for (const { name, command, remedy, prepare } of RECIPES) {
    const found = findOnPath(command, SEARCH_PATH);
    if (found === null) {
      missing.push({ name, remedy });
      continue;
    }
    const port = await getPort({ host: '127.0.0.1' });
    const process = processes.start(found, prepare(directory, port));
    if (!(await waitUntil(async () => await isOpen(port), { timeoutMs: START_MS, signal })))
      throw new Error(`${name} does not listen: ${process.output()}`);
    started.push({ name, url: `http://127.0.0.1:${port}/hook` });
  }
  return { started, missing };
}

const START_MS = 30_000;
/** Debian puts servers where only root looks. */
const SEARCH_PATH = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

async function isOpen(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function nginxConfig(directory: string, port: number): string {
  return `daemon off;
pid ${directory}/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path ${directory}/nginx-body;
  proxy_temp_path ${directory}/nginx-proxy;
  fastcgi_temp_path ${directory}/nginx-fastcgi;
  uwsgi_temp_path ${directory}/nginx-uwsgi;
  scgi_temp_path ${directory}/nginx-scgi;
  keepalive_timeout ${KEEP_ALIVE_SECONDS}s;
  keepalive_requests 1000000;
  server {
    listen 127.0.0.1:${port};
    location / { return 204; }
  }
}
`;
}

function apacheConfig(directory: string, port: number): string {
  const modules = '/usr/lib/apache2/modules';
  return `ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${directory}/apache.pid
DefaultRuntimeDir ${directory}
ErrorLog ${directory}/apache.log
LoadModule mpm_event_module ${modules}/mod_mpm_event.so
LoadModule authz_core_module ${modules}/mod_authz_core.so
LoadModule alias_module ${modules}/mod_alias.so
User www-data
Group www-data
KeepAlive On
KeepAliveTimeout ${KEEP_ALIVE_SECONDS}
MaxKeepAliveRequests 0
Redirect 204 /
`;
}

const WSGI = `def app(environ, start_response):
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
`;

const ASGI = `async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})
`;

const NODE = `import { createServer } from 'node:http';
const [, , port, seconds] = process.argv;
const server = createServer((request, response) => request.resume().once('end', () => response.end('ok')));
server.keepAliveTimeout = 1_000 * Number(seconds);
server.listen(Number(port), '127.0.0.1');
`;
