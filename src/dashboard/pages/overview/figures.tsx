import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { DeliveryStatus, Stats } from '../../data/types.ts';
import { Failed, Skeleton } from '../../parts/basics/states.tsx';
import { durationText, Time } from '../../parts/basics/time.tsx';
import { Spark } from '../../parts/charts/spark.tsx';
import css from './overview.module.css';
import { type Now, useNowFigures, useSeries, useSums, valuesOf } from './use-figures.ts';

/** The figures of the range with their course, then how things stand at this moment. */
export function Figures() {
  const sums = useSums();
  const now = useNowFigures();
  const error = sums.error ?? now.error;
  const retry = () => {
    void sums.refetch();
    void now.refetch();
  };
  if (sums.data === undefined || now.data === undefined)
    return error === null ? <Skeleton rows={3} /> : <Failed error={error} onRetry={retry} />;
  return (
    <>
      {error === null ? null : <Failed error={error} onRetry={retry} shownSince={sums.dataUpdatedAt} />}
      <div className={css.tiles}>
        <RangeTiles stats={sums.data} />
        <NowTiles now={now.data} />
      </div>
    </>
  );
}

function RangeTiles({ stats }: { readonly stats: Stats }) {
  const { data: series } = useSeries();
  const { deliveries, attempts, latency_ms: latency, success_rate: rate } = stats;
  const { delivered } = deliveries.by_status;
  return (
    <>
      <Tile
        name="Delivered"
        value={delivered.toLocaleString()}
        note={`of ${deliveries.total.toLocaleString()} made`}
        course={valuesOf(series, 'delivered')}
      />
      <Tile
        name="Success"
        value={percent(rate.deliveries)}
        note="of what has ended"
        course={valuesOf(series, 'success_rate')}
      />
      <Tile
        name="Attempts"
        value={attempts.total.toLocaleString()}
        note={`${attempts.failed.toLocaleString()} failed`}
        course={valuesOf(series, 'succeeded').map((value, place) =>
          sum(value, valuesOf(series, 'failed')[place]),
        )}
      />
      <Tile
        name="Latency p95"
        value={ms(latency.p95)}
        note={`p50 ${ms(latency.p50)}`}
        course={valuesOf(series, 'latency_p95')}
      />
    </>
  );
}

function NowTiles({ now }: { readonly now: Now }) {
  const [holder] = Object.entries(now.held_by).sort(([, a], [, b]) => b - a);
  const isHeld = holder !== undefined && holder[1] > 0;
  return (
    <>
      <StatusTile
        name="Waiting now"
        status="queued"
        count={now.waiting}
        note={
          now.oldest_due_at === null ? (
            `${capped(now.sending)} being sent`
          ) : (
            <>
              the oldest due <Time at={now.oldest_due_at} />
            </>
          )
        }
      />
      <StatusTile
        name="Held now"
        status="held"
        count={now.held}
        note={isHeld ? `most by ${holder[0]}` : 'behind no gate'}
      />
      <StatusTile name="Dead letters" status="dead" count={now.dead} note="can be sent again" />
    </>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: ReactNode;
  readonly note: ReactNode;
  readonly course: readonly (number | null)[];
}

function Tile({ name, value, note, course }: TileProps) {
  return (
    <div className={css.tile}>
      <TileText name={name} value={value} note={note} />
      <Spark values={course} />
    </div>
  );
}

interface StatusTileProps {
  readonly name: string;
  readonly status: DeliveryStatus;
  readonly count: Now['held'];
  readonly note: ReactNode;
}

function StatusTile({ name, status, count, note }: StatusTileProps) {
  return (
    <Link to="/deliveries" search={(before) => ({ ...before, status })} className={css.tile}>
      <TileText name={name} value={capped(count)} note={note} />
    </Link>
  );
}

function TileText({ name, value, note }: Omit<TileProps, 'course'>) {
  return (
    <>
      <span className={css.tileName}>{name}</span>
      <span className={css.tileValue}>{value}</span>
      <span className={css.tileNote}>{note}</span>
    </>
  );
}

/** A count that says so where counting stopped. */
export function capped({ count, capped: isCapped }: Now['held']): string {
  return `${count.toLocaleString()}${isCapped ? '+' : ''}`;
}

function sum(a: number | null, b: number | null | undefined): number | null {
  return a === null && b == null ? null : (a ?? 0) + (b ?? 0);
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`;
}

function ms(value: number | null): string {
  return value === null ? '–' : durationText(value);
}
