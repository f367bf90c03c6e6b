import { AlertDialog } from '@base-ui/react/alert-dialog';
import { type ReactNode, useRef, useState } from 'react';
import { Button, type ButtonLook } from '../basics/button.tsx';
import { Failed } from '../basics/states.tsx';
import css from './dialog.module.css';
import { TextField } from './field.tsx';

/** So many can be touched by a press of a button; for more their number has to be typed. */
const WITHOUT_TYPING = 1_000;

interface ConfirmProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  /** What the button says that does it. */
  readonly verb: string;
  readonly look?: ButtonLook;
  /** How many it will touch; null while that is counted, absent where it is one thing. */
  readonly count?: number | null;
  /** Whether there may be more than were counted. */
  readonly isCapped?: boolean | undefined;
  /** A text that has to be typed first, such as the host of what is deleted. */
  readonly typed?: string;
  readonly onConfirm: () => Promise<unknown>;
}

/** Says what an action will touch before it is done, with the focus on letting it be. */
export function Confirm(props: ConfirmProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  const { isOpen, onClose, title, children } = props;
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => open || onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={css.backdrop} />
        <AlertDialog.Popup className={css.popup} initialFocus={cancel}>
          <AlertDialog.Title className={css.title}>{title}</AlertDialog.Title>
          <div className={css.text}>{children}</div>
          <Decision {...props} cancel={cancel} />
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

interface DecisionProps extends ConfirmProps {
  readonly cancel: React.RefObject<HTMLButtonElement | null>;
}

function Decision({ cancel, ...props }: DecisionProps) {
  const { verb, look = 'primary', count, isCapped, typed, onConfirm, onClose } = props;
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [text, setText] = useState('');
  const wanted = typed ?? (count != null && count > WITHOUT_TYPING ? String(count) : null);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {wanted === null ? null : (
        <TextField
          label={`Type ${wanted} to go on`}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {error === null ? null : <Failed error={error} onRetry={confirm} />}
      <div className={css.buttons}>
        <Button ref={cancel} onClick={onClose}>
          Cancel
        </Button>
        <Button look={look} refusal={refusalOf({ count, isCapped, wanted, text, isBusy })} onClick={confirm}>
          {count != null ? `${verb} ${countText(count, isCapped)}` : verb}
        </Button>
      </div>
    </>
  );
}

interface Standing {
  readonly count: number | null | undefined;
  readonly isCapped: boolean | undefined;
  readonly wanted: string | null;
  readonly text: string;
  readonly isBusy: boolean;
}

function refusalOf({ count, isCapped, wanted, text, isBusy }: Standing): string | null {
  if (isBusy) return 'Under way';
  if (count === null) return 'Still counting what this touches';
  if (count === 0 && isCapped !== true) return 'Nothing matches';
  return wanted !== null && text !== wanted ? `Type ${wanted} first` : null;
}

/** How many things an action touches, counted by the API. */
export function Count({ count, isCapped, what }: CountProps) {
  return (
    <p role="status">
      <span className={css.count}>{count === null ? '…' : countText(count, isCapped)}</span> {what}
    </p>
  );
}

interface CountProps {
  readonly count: number | null;
  readonly isCapped?: boolean | undefined;
  readonly what: string;
}

/** A count that was stopped says so. */
function countText(count: number, isCapped = false): string {
  return `${count.toLocaleString()}${isCapped ? ' or more' : ''}`;
}
