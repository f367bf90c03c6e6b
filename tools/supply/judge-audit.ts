import { z } from 'zod';
import type { AuditException } from './audit-exceptions.ts';

/**
 * What the audit comes to: whether there were advisories to go by at all, and everything that must not be released so.
 */
export interface AuditVerdict {
  readonly isAudited: boolean;
  /** What to tell where nothing is wrong: what was excepted, or why nothing was audited. */
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

interface Finding {
  readonly advisory: string;
  readonly package: string;
  readonly severity: string;
  readonly title: string;
}

const viaSchema = z.union([
  z.string(),
  z.object({
    source: z.number(),
    dependency: z.string(),
    title: z.string(),
    url: z.string(),
    severity: z.string(),
  }),
]);
/** npm's report of version 2, as far as it matters here. */
const reportSchema = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(viaSchema) })),
  metadata: z.object({ vulnerabilities: z.object({ info: z.number(), total: z.number() }) }),
});
/** What npm writes where the registry gives no advisories: it refuses the question, or is not reached. */
const refusalSchema = z.object({ message: z.string(), auditReportVersion: z.undefined().optional() });

/** Below `low`: npm calls remarks so that are no vulnerabilities. */
const HARMLESS = 'info';

/**
 * Judges what `npm audit --json` wrote: every advisory needs an exception that is not over, and every exception an
 * advisory.
 * @param today as `2026-01-31`
 */
export function judgeAudit(
  report: unknown,
  { exceptions, today }: { readonly exceptions: readonly AuditException[]; readonly today: string },
): AuditVerdict {
  const expired = exceptions
    .filter(({ until }) => until < today)
    .map(({ advisory, until }) => `the exception for ${advisory} ended on ${until}`);
  const parsed = reportSchema.safeParse(report);
  if (!parsed.success) {
    const { notes, problems } = explainNoReport(report);
    return { isAudited: false, notes, problems: [...expired, ...problems] };
  }
  const { info, total } = parsed.data.metadata.vulnerabilities;
  const findings = findingsIn(parsed.data.vulnerabilities);
  const isUnexplained = total > info && findings.length === 0;
  return {
    isAudited: true,
    notes: exceptions
      .filter((exception) => findings.some((finding) => isFor(exception, finding)))
      .map(({ advisory, reason, until }) => `${advisory} is excepted until ${until}: ${reason}`),
    problems: [
      ...expired,
      ...(isUnexplained ? [`npm counts ${total} vulnerabilities and names no advisory`] : []),
      ...findings
        .filter((finding) => !exceptions.some((exception) => isFor(exception, finding)))
        .map(describe),
      ...exceptions
        .filter((exception) => !findings.some((finding) => isFor(exception, finding)))
        .map(({ advisory }) => `the exception for ${advisory} is not needed any more`),
    ],
  };
}

function explainNoReport(report: unknown): Pick<AuditVerdict, 'notes' | 'problems'> {
  const refusal = refusalSchema.safeParse(report);
  if (!refusal.success) return { notes: [], problems: [`npm made no report: ${JSON.stringify(report)}`] };
  return {
    notes: [`the registry offers no advisories, nothing was audited: ${refusal.data.message}`],
    problems: [],
  };
}

/** Each advisory once for a package, though several may lead to it. */
function findingsIn(vulnerabilities: z.infer<typeof reportSchema>['vulnerabilities']): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const via of Object.values(vulnerabilities).flatMap((one) => one.via)) {
    if (typeof via === 'string' || via.severity === HARMLESS) continue;
    const advisory = /GHSA-[\w-]+/.exec(via.url)?.[0] ?? String(via.source);
    const { dependency, severity, title } = via;
    found.set(`${advisory} ${dependency}`, { advisory, package: dependency, severity, title });
  }
  return [...found.values()];
}

function isFor(exception: AuditException, finding: Finding): boolean {
  return exception.advisory === finding.advisory && exception.package === finding.package;
}

function describe({ advisory, package: name, severity, title }: Finding): string {
  return `${name}: ${title} (${severity}, ${advisory})`;
}
