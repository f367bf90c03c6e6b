import { Said } from '../../parts/basics/said.tsx';
import { SparkBars } from '../../parts/charts/spark-bars.tsx';
import css from './course-cell.module.css';
import type { Course } from './use-courses.ts';

interface Props {
  /** Absent where no attempt was made. */
  readonly course: Course | undefined;
}

/** How an endpoint did in the last day: the share of attempts that succeeded, and their course. */
export function CourseCell({ course }: Props) {
  const succeeded = sumOf(course?.succeeded);
  const failed = sumOf(course?.failed);
  const all = succeeded + failed;
  if (course === undefined || all === 0) return <span className={css.none}>no attempts</span>;
  const share = `${Math.floor((succeeded / all) * 100)} %`;
  const text = `${all.toLocaleString()} ${all === 1 ? 'attempt' : 'attempts'}, ${failed.toLocaleString()} failed`;
  return (
    <span className={css.course}>
      <SparkBars
        series={[
          { name: 'succeeded', colour: 'var(--accent)', values: course.succeeded },
          { name: 'failed', colour: 'var(--failing)', values: course.failed },
        ]}
      />
      <span className={css.share}>{share}</span>
      <Said>{` of ${text}`}</Said>
    </span>
  );
}

function sumOf(values: readonly (number | null)[] = []): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}
