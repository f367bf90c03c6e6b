import type { Endpoint } from '../../data/types.ts';
import { AuditList } from '../../parts/data/audit-list.tsx';

/** Who changed this endpoint, and what. */
export function EndpointAudit({ endpoint: { id } }: { readonly endpoint: Endpoint }) {
  return <AuditList filter={{ subject_id: id }} />;
}
