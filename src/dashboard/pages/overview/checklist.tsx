import { Link } from '@tanstack/react-router';
import { answerOf, api } from '../../data/api.ts';
import { useQuery } from '../../data/use-query.ts';
import { buttonClass } from '../../parts/basics/button.tsx';
import { Section } from '../../parts/basics/page.tsx';
import css from './overview.module.css';

/** The way to a first delivery, step by step; what is done is ticked. */
export function Checklist() {
  const { data } = useQuery({
    queryKey: ['first-endpoint'],
    queryFn: () => answerOf(api.GET('/v1/endpoints', { params: { query: { limit: 1 } } })),
  });
  const endpoint = data?.items[0];
  return (
    <Section title="Your first delivery">
      <ol className={css.steps}>
        <li className={endpoint === undefined ? css.step : `${css.step} ${css.done}`}>
          <div>
            Create an endpoint <span>– a URL that gets events; the built-in echo receiver will do</span>
          </div>
          <Link to="/endpoints/new" className={buttonClass(endpoint === undefined ? 'primary' : 'default')}>
            New endpoint
          </Link>
        </li>
        <li className={css.step}>
          <div>
            Send it a test <span>– and see what it answers, at once</span>
          </div>
          {endpoint === undefined ? (
            <span>after the first step</span>
          ) : (
            <Link
              to="/endpoints/$id"
              params={{ id: endpoint.id }}
              search={{ tab: 'test' }}
              className={buttonClass('primary')}
            >
              Send a test
            </Link>
          )}
        </li>
        <li className={css.step}>
          <div>
            Verify the signature <span>– in your receiver, with the endpoint’s secret</span>
          </div>
          <Link to="/tools" className={buttonClass()}>
            Debug a signature
          </Link>
        </li>
        <li className={css.step}>
          <div>
            Publish an event <span>– from here, or from your code</span>
          </div>
          <Link to="/events/new" className={buttonClass()}>
            Publish
          </Link>
        </li>
      </ol>
    </Section>
  );
}
