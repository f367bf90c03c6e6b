import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { Button, buttonClass } from '../../parts/basics/button.tsx';
import { Fetching } from '../../parts/basics/states.tsx';
import { DeliveryActions } from '../delivery/delivery-actions.tsx';
import { DeliveryBody } from '../delivery/delivery-body.tsx';
import { Story } from '../delivery/story.tsx';
import { useDelivery } from '../delivery/use-delivery.ts';
import css from './delivery-panel.module.css';

interface Props {
  readonly id: string;
  readonly onClose: () => void;
}

/** A delivery beside its list; where there is no room for both it takes the place of the list. */
export function DeliveryPanel({ id, onClose }: Props) {
  const panel = useRef<HTMLElement>(null);
  useFocus(panel, id);
  useEscape(onClose);
  const query = useDelivery(id);
  const { data } = query;
  return (
    <aside ref={panel} className={css.panel} aria-label="Delivery" tabIndex={-1}>
      <div className={css.head}>
        <h2>{data?.event ?? 'Delivery'}</h2>
        <div className={css.buttons}>
          <Link to="/deliveries/$id" params={{ id }} className={buttonClass()}>
            Open alone
          </Link>
          <Button onClick={onClose}>
            Close <kbd>Esc</kbd>
          </Button>
        </div>
        {data === undefined ? null : (
          <>
            <p className={css.lead}>
              <Story delivery={data} />
            </p>
            <div className={css.buttons}>
              <DeliveryActions delivery={data} />
            </div>
          </>
        )}
      </div>
      <Fetching query={query} />
      {data === undefined ? null : <DeliveryBody delivery={data} />}
    </aside>
  );
}

/** Whoever opens it goes on from its beginning; whoever closes it, from the row that it was opened from. */
function useFocus(panel: React.RefObject<HTMLElement | null>, id: string): void {
  const opened = useRef(id);
  useEffect(() => {
    opened.current = id;
    panel.current?.focus({ preventScroll: true });
  }, [id, panel]);
  useEffect(() => () => document.querySelector<HTMLElement>(`[data-opens="${opened.current}"]`)?.focus(), []);
}

/** Closes it by Escape, unless that closes what lies above. */
function useEscape(onClose: () => void): void {
  useEffect(() => {
    const onKeyDown = ({ key, target, defaultPrevented }: KeyboardEvent) => {
      const isAbove = target instanceof Element && target.closest('[role*=dialog], [role=menu]') !== null;
      if (key === 'Escape' && !isAbove && !defaultPrevented) onClose();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [onClose]);
}
