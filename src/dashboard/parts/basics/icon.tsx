/** Outlines in the manner of Lucide (24 units, ISC), by what they stand for. */
const PATHS = {
  overview: 'M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0M12 12l4-4',
  deliveries: 'm22 2-7 20-4-9-9-4ZM22 2 11 13',
  dead: 'M3 6h18M8 6V4h8v2M5 6l1 14h12l1-14M10 11v5M14 11v5',
  endpoints: 'M9 17H7A5 5 0 0 1 7 7h2M15 7h2a5 5 0 0 1 0 10h-2M8 12h8',
  events: 'M13 2 3 14h9l-1 8 10-12h-9Z',
  replays: 'M3 12a9 9 0 1 0 3-6.7L3 8M3 3v5h5M12 7v5l4 2',
  types: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 16.5h7M16.5 13v7',
  tools: 'M14.7 6.3a4 4 0 0 0 5 5L21 12l-9 9-3-3 9-9-.3-.3ZM14 7 7 14M3 21l4-4',
  live: 'M2 12h4l3-8 6 16 3-8h4',
  settings: 'M4 6h10M18 6h2M4 12h2M10 12h10M4 18h10M18 18h2M16 4v4M8 10v4M16 16v4',
  delivered: 'm5 12.5 4.5 4.5L19 7.5',
  sending: 'M5 12h14M13 6l6 6-6 6',
  queued: 'M12 7v5l3 2M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0',
  retrying: 'M21 12a9 9 0 1 1-3-6.7L21 8M21 3v5h-5',
  held: 'M8.5 6v12M15.5 6v12',
  cross: 'M6 6l12 12M18 6 6 18',
  cancelled: 'M3 12a9 9 0 1 0 18 0 9 9 0 0 0-18 0M6 6l12 12',
  skipped: 'M5 5l9 7-9 7ZM19 5v14',
  warning: 'M12 4 2.5 20h19ZM12 10v4.5M12 17.3v.2',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  search: 'M4 11a7 7 0 1 0 14 0 7 7 0 0 0-14 0M16 16l5 5',
  back: 'm15 5-7 7 7 7',
  next: 'm9 5 7 7-7 7',
  sun:
    'M8 12a4 4 0 1 0 8 0 4 4 0 0 0-8 0M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 ' +
    '17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4',
  moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a6.8 6.8 0 0 0 10.5 10.5Z',
  exit: 'M10 4H5v16h5M15 8l4 4-4 4M19 12H9',
  external: 'M14 4h6v6M20 4l-9 9M18 14v6H4V6h6',
  plus: 'M12 5v14M5 12h14',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside a word; it says nothing by itself. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
