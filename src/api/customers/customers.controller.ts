import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Caller, OperatorOnly } from '../platform/access/caller.ts';
import { Documented } from '../platform/answers/document.ts';
import { Audited } from '../platform/audit/audited.ts';
import { ownIdInPath } from '../platform/input/fields.ts';
import {
  type CustomerAnswer,
  type CustomerBody,
  type CustomerListQuery,
  customerAnswer,
  customerBody,
  customerDetailAnswer,
  customerListQuery,
  customerPage,
  showCustomer,
  showCustomerDetail,
} from './customers.dto.ts';
import { CustomersService } from './customers.service.ts';

/** Customers, with their names, limits and usage. */
@ApiTags('customers')
@Controller('v1/customers')
export class CustomersController {
  readonly #service: CustomersService;

  constructor(service: CustomersService) {
    this.#service = service;
  }

  @Get()
  @Documented({
    operation: 'customers_list',
    summary: 'List customers, newest first',
    description: 'Registered ones, and those that something was made for. A customer’s key sees its own.',
    answer: customerPage,
    errors: [403, 422],
  })
  async list(
    @Query({ schema: customerListQuery }) query: CustomerListQuery,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof customerPage>> {
    const { page, rows } = await this.#service.list(query, caller);
    return page.answer(
      rows.map(({ ref, customer }) => ({ id: ref, customer })),
      ({ customer }) => showCustomer(customer),
    );
  }

  @Get(':id')
  @Documented({
    operation: 'customers_get',
    summary: 'Read a customer',
    description: 'With what it has now.',
    answer: customerDetailAnswer,
    errors: [404, 422],
  })
  async read(
    @Param('id', ownIdInPath('id')) id: string,
    @Caller() caller: Caller,
  ): Promise<z.output<typeof customerDetailAnswer>> {
    const { customer, holdings } = await this.#service.read(id, caller);
    return showCustomerDetail(customer, holdings);
  }

  @Put(':id')
  @Audited('customer.put')
  @OperatorOnly()
  @Documented({
    operation: 'customers_put',
    summary: 'Register a customer, or change what is said of it',
    description:
      'Members left out are empty. 201 where it was not known. Changes of limits hold within 15 seconds.',
    answer: customerAnswer,
    errors: [400, 403, 409, 415, 422],
  })
  async put(
    @Param('id', ownIdInPath('id')) id: string,
    @Body({ schema: customerBody }) body: CustomerBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CustomerAnswer> {
    const { customer, isNew } = await this.#service.put(id, body);
    if (isNew) void reply.status(201);
    return showCustomer(customer);
  }

  @Delete(':id')
  @Audited('customer.delete')
  @OperatorOnly()
  @HttpCode(202)
  @Documented({
    operation: 'customers_delete',
    summary: 'Erase a customer and everything of it',
    description:
      'Its endpoints are deleted, its keys revoked, and of its events the data, metadata and uids, and ' +
      'what receivers answered, are erased for good, step by step; that there were events and deliveries ' +
      'is kept as long as others. Nothing more is accepted for it meanwhile. Safe to repeat.',
    status: 202,
    answer: customerAnswer,
    errors: [403, 404, 422],
  })
  async erase(@Param('id', ownIdInPath('id')) id: string): Promise<CustomerAnswer> {
    return showCustomer(await this.#service.erase(id));
  }
}
