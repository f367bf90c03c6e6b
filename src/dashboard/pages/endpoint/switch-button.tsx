import { useState } from 'react';
import { useMay } from '../../app/session.ts';
import { answerOf, api } from '../../data/api.ts';
import type { Endpoint } from '../../data/types.ts';
import { useRefresh } from '../../data/use-list.ts';
import { Button } from '../../parts/basics/button.tsx';
import { Confirm } from '../../parts/forms/dialog.tsx';
import { TextField } from '../../parts/forms/field.tsx';
import { notify, notifyFailure } from '../../parts/forms/notices.tsx';

export type SwitchAction = 'pause' | 'resume' | 'enable' | 'disable' | 'verify';

const TEXTS: Readonly<
  Record<SwitchAction, { readonly verb: string; readonly about: string; readonly done: string }>
> = {
  pause: {
    verb: 'Pause',
    about: 'Deliveries are held until you resume it; nothing is lost. A manual retry still goes out.',
    done: 'Paused: deliveries are held from now on.',
  },
  resume: { verb: 'Resume', about: '', done: 'Resumed: what was held goes out now.' },
  enable: { verb: 'Enable', about: '', done: 'Enabled: it gets what is published from now on.' },
  disable: {
    verb: 'Disable',
    about:
      'What is published meanwhile is skipped. Skipped deliveries can be recovered once it is enabled again.',
    done: 'Disabled: what is published is skipped from now on.',
  },
  verify: { verb: 'Verify again', about: '', done: 'A challenge was sent.' },
};

interface Props {
  readonly endpoint: Endpoint;
  readonly action: SwitchAction;
  readonly text?: string;
}

/** Switches an endpoint. What stops deliveries asks for a reason first, which everybody sees afterwards. */
export function SwitchButton({ endpoint: { id }, action, text }: Props) {
  const mayManage = useMay('manage_endpoints');
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const refresh = useRefresh();
  const { verb, about, done } = TEXTS[action];
  const asks = action === 'pause' || action === 'disable';
  const act = async () => {
    const path = { path: { id } };
    const body = reason.trim() === '' ? {} : { reason: reason.trim() };
    if (action === 'pause') await answerOf(api.POST('/v1/endpoints/{id}/pause', { params: path, body }));
    if (action === 'disable') await answerOf(api.POST('/v1/endpoints/{id}/disable', { params: path, body }));
    if (action === 'resume') await answerOf(api.POST('/v1/endpoints/{id}/resume', { params: path }));
    if (action === 'enable') await answerOf(api.POST('/v1/endpoints/{id}/enable', { params: path }));
    if (action === 'verify') await answerOf(api.POST('/v1/endpoints/{id}/verify', { params: path }));
    notify(done);
    await refresh();
  };
  if (!mayManage) return null;
  return (
    <>
      <Button onClick={() => (asks ? setAsking(true) : act().catch(notifyFailure))}>
        {text ?? verb}
        {asks ? '…' : ''}
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`${verb} this endpoint?`}
        verb={verb}
        onConfirm={act}
      >
        <p>{about}</p>
        <TextField
          label="Reason"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          hint="Shown on the endpoint, and to its customer."
        />
      </Confirm>
    </>
  );
}
