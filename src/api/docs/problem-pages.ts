import type { FastifyInstance } from 'fastify';
import { PROBLEM_CODES, problemText } from '../../domain/problems/problem-code.ts';
import type { ProblemText } from '../../domain/problems/problem-text.ts';
import { notFound, PROBLEM_PAGES } from '../platform/answers/problem.ts';

const CONTENT_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE = `body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
code { font-size: 0.95em; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #ddd; } a { color: #8ab4f8; } }
`;

/**
 * Serves a page for each code of a problem, which `type` of a problem leads to, and the list of all at
 * `/docs/problems`.
 */
export function serveProblemPages(server: FastifyInstance, basePath: string): void {
  server.get('/docs/page.css', (_request, reply) => reply.type('text/css; charset=utf-8').send(STYLE));
  server.get('/docs/problems', (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('Content-Security-Policy', CONTENT_POLICY)
      .send(listPage(basePath)),
  );
  server.get<{ Params: { code: string } }>(`${PROBLEM_PAGES}:code`, (request, reply) => {
    const { code } = request.params;
    const text = problemText(code);
    if (text === null) throw notFound('problem');
    return reply
      .type('text/html; charset=utf-8')
      .header('Content-Security-Policy', CONTENT_POLICY)
      .send(problemPage({ code, text, basePath }));
  });
}

function problemPage({
  code,
  text,
  basePath,
}: {
  code: string;
  text: ProblemText;
  basePath: string;
}): string {
  const { title, meaning, advice } = text;
  return page(
    { title, basePath },
    `<h1>${marked(title)}</h1>
<p><code>${escaped(code)}</code></p>
<h2>What has happened</h2>
<p>${marked(meaning)}</p>
<h2>What to do</h2>
<p>${marked(advice)}</p>
<p><a href="${basePath}/docs/problems">All problems</a></p>`,
  );
}

function listPage(basePath: string): string {
  const items = PROBLEM_CODES.map(
    (code) =>
      `<li><a href="${basePath}${PROBLEM_PAGES}${code}"><code>${code}</code></a> ` +
      `${marked(problemText(code)?.title ?? '')}</li>`,
  );
  return page(
    { title: 'Problems', basePath },
    `<h1>Problems</h1>
<p>Every error answer is <code>application/problem+json</code> with one of these codes, or \
<code>schema_</code> and a keyword of the JSON Schema that the data of an event breaks.</p>
<ul>
${items.join('\n')}
</ul>`,
  );
}

function page({ title, basePath }: { title: string; basePath: string }, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} – Posthorn</title>
<link rel="stylesheet" href="${basePath}/docs/page.css">
</head>
<body>
${body}
</body>
</html>
`;
}

/** Escaped text, with code between backticks. */
function marked(text: string): string {
  return escaped(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
