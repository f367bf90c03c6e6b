import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { AuditStore } from '../../storage/access/audit-store.ts';
import { Caller, customerScope } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Pager } from '../platform/answers/paging.ts';
import { type AuditQuery, auditPage, auditQuery, showAuditEntry } from './audit.dto.ts';

/** The audit log. */
@ApiTags('audit')
@Controller('v1/audit')
export class AuditController {
  readonly #store: AuditStore;
  readonly #pager: Pager;

  constructor(store: AuditStore, pager: Pager) {
    this.#store = store;
    this.#pager = pager;
  }

  @Get()
  @Documented({
    operation: 'audit_list',
    summary: 'List who changed what, newest first',
    description:
      'Every change through the API, every look at a signing secret, and what became of ' +
      'endpoints by itself (`system`); published events and tests are records of their ' +
      'own. A customer’s key sees what was changed of that customer’s, by whomever. ' +
      'OpenAPI names the action of an operation as x-audit-action.',
    answer: auditPage,
    errors: [403, 422],
  })
  async list(
    @Query({ schema: auditQuery }) query: AuditQuery,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof auditPage>> {
    const { subject_id: subjectId, action, after, before } = query;
    const filters = {
      customerId: customerScope(caller, query.customer_id),
      subjectId,
      action,
      after,
      before,
    };
    const page = this.#pager.open({ list: 'audit', caller, filters }, query);
    return page.answer(await this.#store.list(filters, page), (entry) => showAuditEntry(entry, caller));
  }
}
