import { Link } from '@tanstack/react-router';
import { Page } from '../parts/basics/page.tsx';

/** An address that is no place of the console. */
export function NotFound() {
  return (
    <Page title="Nothing here" lead="This address is no page of the console.">
      <p>
        <Link to="/">Go to the overview</Link>
      </p>
    </Page>
  );
}
