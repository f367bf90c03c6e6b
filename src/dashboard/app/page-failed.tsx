import type { ErrorComponentProps } from '@tanstack/react-router';
import { Button } from '../parts/basics/button.tsx';
import { Page } from '../parts/basics/page.tsx';

/** A page that could not be shown: its files did not come, or there is a fault in it. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  return (
    <Page
      title="This page could not be shown"
      lead="Its files did not arrive, or it has a fault. A newer version of the console may have been installed."
      actions={
        <>
          <Button onClick={reset}>Try again</Button>
          <Button look="primary" onClick={() => location.reload()}>
            Reload
          </Button>
        </>
      }
    >
      <pre>{String(error)}</pre>
    </Page>
  );
}
