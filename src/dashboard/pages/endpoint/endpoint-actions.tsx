import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import type { Endpoint } from '../../data/types.ts';
import { Button } from '../../parts/basics/button.tsx';
import { CopyMenu } from '../../parts/forms/copy-menu.tsx';
import { Confirm } from '../../parts/forms/dialog.tsx';
import { notify } from '../../parts/forms/notices.tsx';
import { RecoverButton } from './recover-button.tsx';
import { SwitchButton } from './switch-button.tsx';

/** What can be done with an endpoint as it stands. */
export function EndpointActions({ endpoint }: { readonly endpoint: Endpoint }) {
  const { id, url, status } = endpoint;
  const mayManage = useMay('manage_endpoints');
  return (
    <>
      {status === 'enabled' ? <SwitchButton endpoint={endpoint} action="pause" /> : null}
      {status === 'disabled' ? null : <SwitchButton endpoint={endpoint} action="disable" />}
      <RecoverButton endpoint={endpoint} />
      {mayManage ? <DeleteButton endpoint={endpoint} /> : null}
      <CopyMenu
        items={[
          { name: 'Copy id', text: id },
          { name: 'Copy URL', text: url },
        ]}
      />
    </>
  );
}

function DeleteButton({ endpoint: { id, url } }: { readonly endpoint: Endpoint }) {
  const [isAsking, setAsking] = useState(false);
  const navigate = useNavigate();
  const remove = async () => {
    await answerOf(api.DELETE('/v1/endpoints/{id}', { params: { path: { id } } }));
    notify('Deleted. Its deliveries can still be read.');
    await navigate({ to: '/endpoints' });
  };
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        Delete…
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title="Delete this endpoint?"
        verb="Delete the endpoint"
        look="danger"
        typed={new URL(url).host}
        onConfirm={remove}
      >
        <p>Open deliveries of it are cancelled, and its secrets are erased. This cannot be undone.</p>
      </Confirm>
    </>
  );
}
