import { describe, expect, it } from '@jest/globals';
import type { AuditException } from '../../tools/supply/audit-exceptions.ts';
import { judgeAudit } from '../../tools/supply/judge-audit.ts';

const TODAY = '2026-11-25';

/** As npm 11 writes them. */
const CLEAN = report({});
const VULNERABLE = report({
  lodash: entry('lodash', [via('GHSA-jf85-cpcp-j695', 'critical', 'lodash')]),
  'uses-lodash': entry('uses-lodash', ['lodash']),
});
const REFUSED = {
  message: '405 Method Not Allowed - POST https://registry.example/-/npm/v1/security/advisories/bulk',
  method: 'POST',
  uri: 'https://registry.example/-/npm/v1/security/advisories/bulk',
  headers: { allow: ['GET,HEAD'] },
  statusCode: 405,
  body: '',
  error: { summary: '', detail: '' },
};
const UNREACHABLE = {
  message: 'request to https://registry.example/-/npm/v1/security/advisories/bulk failed',
  error: { summary: '', detail: '' },
};

const EXCEPTION: AuditException = {
  advisory: 'GHSA-jf85-cpcp-j695',
  package: 'lodash',
  reason: 'Only defaultsDeep is concerned, which is never called.',
  until: TODAY,
};

describe('judgeAudit', () => {
  it('is content where there are no advisories', () => {
    expect(judge(CLEAN)).toEqual({ isAudited: true, notes: [], problems: [] });
  });

  it('names each advisory once, with package and severity', () => {
    expect(judge(VULNERABLE)).toEqual({
      isAudited: true,
      notes: [],
      problems: ['lodash: Prototype pollution (critical, GHSA-jf85-cpcp-j695)'],
    });
  });

  it.each(['low', 'moderate', 'high', 'critical', 'of a kind to come'])('fails on %s', (severity) => {
    const found = report({ a: entry('a', [via('GHSA-aaaa-bbbb-cccc', severity, 'a')]) });
    expect(judge(found).problems).toHaveLength(1);
  });

  it('takes remarks for what they are', () => {
    const remark = report({ a: entry('a', [via('GHSA-aaaa-bbbb-cccc', 'info', 'a')]) }, { info: 1 });
    expect(judge(remark).problems).toEqual([]);
  });

  it('lets what is excepted pass until the last day of the exception, and says so', () => {
    const { notes, problems } = judge(VULNERABLE, [EXCEPTION]);
    expect(problems).toEqual([]);
    expect(notes).toEqual([
      'GHSA-jf85-cpcp-j695 is excepted until 2026-11-25: Only defaultsDeep is concerned, which is never called.',
    ]);
  });

  it.each([
    ['is over', VULNERABLE, { until: '2026-11-24' }, /ended on 2026-11-24/],
    ['is for another package', VULNERABLE, { package: 'underscore' }, /lodash: Prototype pollution/],
    [
      'is for another advisory',
      VULNERABLE,
      { advisory: 'GHSA-aaaa-bbbb-cccc' },
      /lodash: Prototype pollution/,
    ],
    ['is not needed any more', CLEAN, {}, /GHSA-jf85-cpcp-j695 is not needed any more/],
    ['is over and nothing was audited', REFUSED, { until: '2026-11-24' }, /ended on 2026-11-24/],
  ])('fails where an exception %s', (_why, found, change, problem) => {
    expect(judge(found, [{ ...EXCEPTION, ...change }]).problems).toContainEqual(
      expect.stringMatching(problem),
    );
  });

  it.each([REFUSED, UNREACHABLE])('says plainly that nothing was audited: $message', (answer) => {
    const { isAudited, notes, problems } = judge(answer, [EXCEPTION]);
    expect([isAudited, problems]).toEqual([false, []]);
    expect(notes).toEqual([
      expect.stringContaining('the registry offers no advisories, nothing was audited'),
    ]);
  });

  it.each([
    [
      'has no lockfile',
      { error: { code: 'ENOLOCK', summary: 'This command requires an existing lockfile.' } },
    ],
    ['writes no JSON', 'npm: command not found'],
    ['writes nothing', null],
    ['reports in a form to come', { ...CLEAN, auditReportVersion: 3 }],
    ['counts what it does not name', report({}, { high: 1 })],
  ])('fails where npm %s', (_what, answer) => {
    expect(judge(answer).problems).toHaveLength(1);
  });
});

function judge(found: unknown, exceptions: readonly AuditException[] = []) {
  return judgeAudit(found, { exceptions, today: TODAY });
}

function report(
  vulnerabilities: Readonly<Record<string, object>>,
  counts: Readonly<Record<string, number>> = { high: Object.keys(vulnerabilities).length },
) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    auditReportVersion: 2,
    vulnerabilities,
    metadata: {
      vulnerabilities: { info: 0, low: 0, moderate: 0, high: 0, critical: 0, ...counts, total },
      dependencies: { prod: 97, dev: 430, optional: 60, peer: 0, peerOptional: 0, total: 590 },
    },
  };
}

function entry(name: string, causes: readonly unknown[]): object {
  return {
    name,
    severity: 'high',
    isDirect: true,
    via: causes,
    effects: [],
    range: '<4.17.12',
    nodes: [`node_modules/${name}`],
    fixAvailable: true,
  };
}

function via(advisory: string, severity: string, name: string): object {
  return {
    source: 1065,
    name,
    dependency: name,
    title: 'Prototype pollution',
    url: `https://github.com/advisories/${advisory}`,
    severity,
    cwe: ['CWE-1321'],
    cvss: { score: 9.1, vectorString: null },
    range: '<4.17.12',
  };
}
