/** The mark of Posthorn: a horn. */
export function Mark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 32 32">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
        <circle cx="13.5" cy="16" r="6" />
        <path d="M13.5 10H19l6-4v20l-6-4h-5.5" />
      </g>
    </svg>
  );
}
