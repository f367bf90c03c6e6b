import { useReadiness } from '../../app/strips.tsx';
import { PAGE } from '../../data/page.ts';
import { Facts } from '../../parts/basics/page.tsx';
import { zoneName } from '../../parts/basics/time.tsx';

/** Which Posthorn this is, and where else to look. */
export function About() {
  const health = useReadiness();
  return (
    <Facts
      facts={[
        { name: 'Version', value: PAGE.version },
        { name: 'Health', value: health?.status ?? '–' },
        { name: 'Times are shown in', value: zoneName() },
        { name: 'API', value: <a href={`${PAGE.base}/docs`}>Documentation</a> },
        { name: 'Problems', value: <a href={`${PAGE.base}/docs/problems`}>What each code means</a> },
      ]}
    />
  );
}
