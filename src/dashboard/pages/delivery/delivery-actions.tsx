import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import { PAGE } from '../../data/page.ts';
import type { DeliveryDetail } from '../../data/types.ts';
import { useRefresh } from '../../data/use-list.ts';
import { Button } from '../../parts/basics/button.tsx';
import { CopyMenu } from '../../parts/forms/copy-menu.tsx';
import { Confirm } from '../../parts/forms/dialog.tsx';
import { notify, notifyFailure } from '../../parts/forms/notices.tsx';

const ENDED = ['delivered', 'dead', 'cancelled', 'skipped'];

/** What can be done with a delivery, by whom the key or link allows it. */
export function DeliveryActions({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { id, status } = delivery;
  const mayRetry = useMay('retry');
  const maySign = useMay('secrets');
  const [isCancelling, setCancelling] = useState(false);
  const refresh = useRefresh();
  const path = { params: { path: { id } } };
  const retry = async () => {
    try {
      await answerOf(api.POST('/v1/deliveries/{id}/retry', path));
      notify(
        <>
          One attempt goes out now.{' '}
          <Link to="/deliveries/$id" params={{ id }}>
            It appears here.
          </Link>
        </>,
      );
      await refresh();
    } catch (error) {
      notifyFailure(error);
    }
  };
  const cancel = async () => {
    await answerOf(api.POST('/v1/deliveries/{id}/cancel', path));
    notify('Cancelled: nothing more is sent.');
    await refresh();
  };
  return (
    <>
      {mayRetry ? (
        <Button
          look="primary"
          icon="replays"
          data-key="r"
          title="One attempt, now, on the present URL and secret, under the same id. Only one is ever under way."
          refusal={retryRefusal(status)}
          onClick={retry}
        >
          {status === 'delivered' ? 'Send again' : 'Retry now'}
        </Button>
      ) : null}
      {mayRetry && !ENDED.includes(status) ? (
        <Button icon="cancelled" onClick={() => setCancelling(true)}>
          Cancel…
        </Button>
      ) : null}
      <CopyMenu
        items={[
          { name: 'Copy id', text: id },
          { name: 'Copy link', text: location.href },
          { name: 'Copy retry as curl', text: curlOf(`/v1/deliveries/${id}/retry`) },
          { name: 'Copy retry as command', text: `posthorn deliveries retry ${id}` },
          ...(maySign ? [{ name: 'Copy request as curl, signed', text: () => signedCurlOf(id) }] : []),
        ]}
      />
      <Confirm
        isOpen={isCancelling}
        onClose={() => setCancelling(false)}
        title="Cancel this delivery?"
        verb="Cancel the delivery"
        look="danger"
        onConfirm={cancel}
      >
        <p>The event is not sent to this endpoint any more. What was accepted elsewhere is untouched.</p>
      </Confirm>
    </>
  );
}

function retryRefusal(status: DeliveryDetail['status']): string | null {
  if (status === 'sending') return 'An attempt is under way: of one delivery there is never more than one';
  return status === 'cancelled' ? 'It was cancelled, and stays so' : null;
}

function curlOf(path: string): string {
  return `curl -X POST ${location.origin}${PAGE.base}${path} -H "Authorization: Bearer $POSTHORN_KEY"`;
}

/** The request as it would go out now; that somebody took it is noted in the audit log. */
async function signedCurlOf(id: string): Promise<string> {
  const { curl } = await answerOf(
    api.GET('/v1/deliveries/{id}/signed-request', { params: { path: { id } } }),
  );
  return curl;
}
