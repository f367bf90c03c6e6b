import type { Attempt } from '../../data/types.ts';
import { Section } from '../../parts/basics/page.tsx';
import { durationText } from '../../parts/basics/time.tsx';
import css from './delivery.module.css';

type TimingsOf = NonNullable<Attempt['timings']>;

interface Phase {
  readonly name: string;
  readonly ms: number;
  readonly start: number;
}

/** How the time of an attempt went: each phase behind the one before it. */
export function Timings({ attempt, timings }: { readonly attempt: Attempt; readonly timings: TimingsOf }) {
  const total = Math.max(timings.total_ms, 1);
  const about = [attempt.tls_version, attempt.remote_address].filter((text) => text != null);
  return (
    <Section
      title={`Time: ${durationText(timings.total_ms)}${about.length === 0 ? '' : ` · ${about.join(' · ')}`}`}
      panel
    >
      <div className={css.fall}>
        {phasesOf(timings).map(({ name, ms, start }) => (
          <div key={name} className={css.phase}>
            <span>{name}</span>
            <span className={css.track}>
              <span style={{ left: `${(start / total) * 100}%`, width: `${(ms / total) * 100}%` }} />
            </span>
            <span className={css.ms}>{durationText(ms)}</span>
          </div>
        ))}
      </div>
    </Section>
  );
}

function phasesOf(timings: TimingsOf): readonly Phase[] {
  const {
    dns_ms: dns,
    connect_ms: connect,
    tls_ms: tls,
    first_byte_ms: firstByte,
    total_ms: total,
  } = timings;
  const known: readonly (readonly [string, number | null])[] = [
    ['DNS', dns],
    ['connect', connect],
    ['TLS', tls],
    ['first byte', firstByte],
  ];
  let start = 0;
  const phases: Phase[] = [];
  for (const [name, ms] of known) {
    if (ms === null) continue;
    phases.push({ name, ms, start });
    start += ms;
  }
  const rest = Math.max(0, total - start);
  return [...phases, { name: 'rest', ms: rest, start }];
}
