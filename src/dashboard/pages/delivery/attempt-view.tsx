import { Link } from '@tanstack/react-router';
import type { Attempt, DeliveryDetail } from '../../data/types.ts';
import { Banner, Section } from '../../parts/basics/page.tsx';
import { BodyView, HeadersView } from '../../parts/data/body-view.tsx';
import css from './delivery.module.css';
import { Timings } from './timings.tsx';

interface Props {
  readonly attempt: Attempt;
  /** The one before it, to show what has changed. */
  readonly before: Attempt | null;
  readonly delivery: DeliveryDetail;
}

/** One attempt: why it failed and what to do, how its time went, then request and response side by side. */
export function AttemptView({ attempt, before, delivery }: Props) {
  const { error_code: code, advice, error_detail: detail, note, timings } = attempt;
  return (
    <div className={css.side}>
      {code === null ? null : (
        <Banner
          tone="failing"
          action={
            <Link to="/deliveries" search={{ error_code: code, endpoint_id: delivery.endpoint_id }}>
              Others with this code
            </Link>
          }
        >
          <code>{code}</code> {advice}
          {detail === null ? null : <p>{detail}</p>}
        </Banner>
      )}
      {note === null ? null : <Banner tone="waiting">{note}</Banner>}
      {timings === null ? null : <Timings attempt={attempt} timings={timings} />}
      <div className={css.sides}>
        <RequestSide attempt={attempt} before={before} />
        <ResponseSide attempt={attempt} before={before} />
      </div>
    </div>
  );
}

function RequestSide({ attempt, before }: Pick<Props, 'attempt' | 'before'>) {
  const { request } = attempt;
  return (
    <Section title="Request">
      {request === null ? (
        <p>Nothing was sent: it failed before.</p>
      ) : (
        <>
          <p className={css.request}>POST {request.url}</p>
          <HeadersView
            label="Request headers"
            headers={request.headers}
            before={before?.request?.headers ?? null}
          />
          <BodyView label="Request body" text={request.body} note={missingNote(attempt, request.body)} />
        </>
      )}
    </Section>
  );
}

function ResponseSide({ attempt, before }: Pick<Props, 'attempt' | 'before'>) {
  const { response, status_code: status } = attempt;
  return (
    <Section title="Response">
      {response === null ? (
        <p>No answer came.</p>
      ) : (
        <>
          <p className={css.request}>{status}</p>
          <HeadersView
            label="Response headers"
            headers={response.headers}
            before={before?.response?.headers ?? null}
          />
          <BodyView
            label="Response body"
            text={attempt.bodies_omitted === true ? null : response.body}
            note={response.truncated ? 'cut off' : missingNote(attempt, response.body)}
          />
        </>
      )}
    </Section>
  );
}

function missingNote({ bodies_omitted: isOmitted, number }: Attempt, body: string | null): string | null {
  if (isOmitted === true) return `The body of attempt ${number} is on its way.`;
  return body === null ? 'The body is no longer kept: its retention has passed.' : null;
}
