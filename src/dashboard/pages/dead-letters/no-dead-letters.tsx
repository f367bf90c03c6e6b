import { Empty } from '../../parts/basics/states.tsx';

/** What could bring dead letters, where there are none. */
export function NoDeadLetters() {
  return (
    <Empty title="No dead letters">
      <p>
        A delivery ends here when its retries are used up, its endpoint answered 410, its destination is not
        allowed, or it was held for a disabled endpoint beyond the retention.
      </p>
    </Empty>
  );
}
