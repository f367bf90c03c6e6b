import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { DeliveryStatus, Stats } from '../../data/types.ts';
import { Section } from '../../parts/basics/page.tsx';
import { durationText } from '../../parts/basics/time.tsx';
import { Bars } from '../../parts/data/bars.tsx';
import css from './overview.module.css';

const WAITING: readonly DeliveryStatus[] = ['queued', 'sending', 'retrying', 'scheduled'];

/** The figures of the range, each with where it leads. */
export function Figures({ stats, isStale }: { readonly stats: Stats; readonly isStale: boolean }) {
  const { deliveries, attempts, latency_ms: latency, success_rate: rate } = stats;
  const { by_status: counts } = deliveries;
  const waiting = WAITING.reduce((sum, status) => sum + counts[status], 0);
  return (
    <div style={{ display: 'contents', opacity: isStale ? 0.6 : 1 }}>
      <div className={css.tiles}>
        <Tile
          name="Deliveries"
          value={deliveries.total.toLocaleString()}
          note={`${counts.delivered.toLocaleString()} delivered`}
        />
        <Tile name="Success" value={percent(rate.deliveries)} note="of what has ended" />
        <Tile
          name="Attempts"
          value={attempts.total.toLocaleString()}
          note={`${percent(rate.attempts)} succeeded`}
        />
        <Tile
          name="Latency p50"
          value={ms(latency.p50)}
          note={`p95 ${ms(latency.p95)} · p99 ${ms(latency.p99)}`}
        />
        <StatusTile
          name="Retrying"
          status="retrying"
          counts={counts}
          note={`${waiting.toLocaleString()} on their way`}
        />
        <StatusTile name="Held" status="held" counts={counts} note="behind a gate" />
        <StatusTile name="Dead" status="dead" counts={counts} note="can be sent again" />
      </div>
      <div className={css.two}>
        <Section title="Deliveries by status" panel>
          <Bars
            rows={Object.entries(counts)
              .filter(([, count]) => count > 0)
              .map(([status, count]) => ({
                name: status,
                count,
                link: (
                  <Link to="/deliveries" search={(before) => ({ ...before, status })}>
                    {status}
                  </Link>
                ),
              }))}
          />
        </Section>
        <Section title="Failures by code" panel>
          <Bars
            empty="No attempt failed."
            rows={stats.by_error_code.map(({ error_code: code, count, advice }) => ({
              name: code,
              count,
              title: advice,
              link: (
                <Link to="/deliveries" search={(before) => ({ ...before, error_code: code })}>
                  {code}
                </Link>
              ),
            }))}
          />
        </Section>
      </div>
    </div>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: ReactNode;
  readonly note: ReactNode;
}

function Tile({ name, value, note }: TileProps) {
  return (
    <div className={css.tile}>
      <TileText name={name} value={value} note={note} />
    </div>
  );
}

interface StatusTileProps {
  readonly name: string;
  readonly status: DeliveryStatus;
  readonly counts: Stats['deliveries']['by_status'];
  readonly note: ReactNode;
}

function StatusTile({ name, status, counts, note }: StatusTileProps) {
  return (
    <Link to="/deliveries" search={(before) => ({ ...before, status })} className={css.tile}>
      <TileText name={name} value={counts[status].toLocaleString()} note={note} />
    </Link>
  );
}

function TileText({ name, value, note }: TileProps) {
  return (
    <>
      <span className={css.tileName}>{name}</span>
      <span className={css.tileValue}>{value}</span>
      <span className={css.tileNote}>{note}</span>
    </>
  );
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`;
}

function ms(value: number | null): string {
  return value === null ? '–' : durationText(value);
}
