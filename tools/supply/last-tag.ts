import { execFileSync } from 'node:child_process';

/** The newest release that the checkout in the current directory comes from; null where there is none. */
export function lastTag(): string | null {
  const tags = execFileSync('git', ['tag', '--list', 'v*', '--merged', 'HEAD', '--sort=-version:refname'], {
    encoding: 'utf8',
  });
  return tags.split('\n').find((name) => name !== '') ?? null;
}
