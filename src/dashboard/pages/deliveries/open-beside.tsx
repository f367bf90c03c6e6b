import { Link } from '@tanstack/react-router';
import { Above } from '../../parts/data/table.tsx';
import css from './open-beside.module.css';

interface Props {
  readonly id: string;
  /** What the delivery is called. */
  readonly name: string;
}

/** Opens a delivery beside the list that it stands in. */
export function OpenBeside({ id, name }: Props) {
  return (
    <Above>
      <Link
        to="/deliveries"
        search={(before) => ({ ...before, open: id, attempt: undefined })}
        resetScroll={false}
        className={css.link}
        aria-label={`Open beside the list: ${name}`}
        data-opens={id}
        data-key="o"
      >
        beside
      </Link>
    </Above>
  );
}
