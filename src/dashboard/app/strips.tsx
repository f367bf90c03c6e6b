import type { components } from '../../../clients/typescript/schema.ts';
import { answerOf, api } from '../data/api.ts';
import { PAGE } from '../data/page.ts';
import { useQuery } from '../data/use-query.ts';
import { Button } from '../parts/basics/button.tsx';
import css from './shell.module.css';

const HEALTH_MS = 10_000;
const VERSION_MS = 10_000;

type Readiness = components['schemas']['Readiness'];

/** Whether Posthorn is well, in its own words; null until it is known, and where the API cannot be reached. */
export function useReadiness(): Readiness | null {
  const { data } = useQuery({ queryKey: ['readiness'], queryFn: readiness, refetchInterval: HEALTH_MS });
  return data ?? null;
}

/** An API that is unavailable says so by 503, with the same body. */
async function readiness(): Promise<Readiness> {
  const response = await fetch(`${PAGE.base}/v1/health/ready`);
  const body: Readiness = await response.json();
  return body;
}

/** Stands there only where something is not well. */
export function HealthStrip() {
  const health = useReadiness();
  if (health === null || health.status === 'ready' || PAGE.door === 'portal') return null;
  return (
    <div className={health.status === 'unavailable' ? `${css.strip} ${css.bad}` : css.strip} role="status">
      <strong>{health.status}</strong>
      {health.reasons.map(({ code, message }) => (
        <span key={code}>{message}</span>
      ))}
    </div>
  );
}

/** Says that another version was installed while this page was open. */
export function VersionStrip() {
  const { data } = useQuery({
    queryKey: ['version'],
    queryFn: () => answerOf(api.GET('/v1/health/live')),
    refetchInterval: VERSION_MS,
  });
  if (data === undefined || data.version === PAGE.version) return null;
  return (
    <div className={`${css.strip} ${css.news}`} role="status">
      <span>
        Posthorn is now version {data.version}; this page is {PAGE.version}.
      </span>
      <Button small onClick={() => location.reload()}>
        Reload
      </Button>
    </div>
  );
}
