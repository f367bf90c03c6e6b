import { PAGE } from '../../data/page.ts';
import { Empty } from '../../parts/basics/states.tsx';
import { BodyView } from '../../parts/data/body-view.tsx';

const BODY = '{"event":"job.completed","customer_id":"acme","data":{"job_id":"job_1","status":"completed"}}';

/** How to publish, where nothing was published yet. */
export function FirstPublish() {
  const url = `${location.origin}${PAGE.base}/v1/events`;
  const curl = `curl -sS ${url} \\
  -H "Authorization: Bearer $POSTHORN_KEY" -H "Content-Type: application/json" \\
  -d '${BODY}'`;
  const script = `await fetch("${url}", {
  method: "POST",
  headers: { Authorization: \`Bearer \${key}\`, "Content-Type": "application/json" },
  body: JSON.stringify({ event: "job.completed", customer_id: "acme", data: { job_id: "job_1" } }),
});`;
  const python = `requests.post("${url}", headers={"Authorization": f"Bearer {key}"},
    json={"event": "job.completed", "customer_id": "acme", "data": {"job_id": "job_1"}})`;
  return (
    <Empty title="No event yet">
      <p>Publish the first one from here, or from your code:</p>
      <BodyView label="curl" text={curl} />
      <BodyView label="TypeScript" text={script} />
      <BodyView label="Python" text={python} />
    </Empty>
  );
}
