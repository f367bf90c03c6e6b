import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post } from '@nestjs/common';
import { findUndeclaredRoutes } from '../../../../src/api/platform/audit/audit-declarations.ts';
import { Audited, NotAudited } from '../../../../src/api/platform/audit/audited.ts';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';

@Controller('declared')
class DeclaredController {
  @Get()
  list(): void {}

  @Post()
  @Audited('thing.create')
  create(): void {}

  @Post('test')
  @NotAudited('changes nothing')
  test(): void {}
}

@NotAudited('computes only')
@Controller('computing')
class ComputingController {
  @Post()
  compute(): void {}
}

@Controller('forgotten')
class ForgottenController {
  @Get()
  list(): void {}

  @Post()
  create(): void {}
}

describe('findUndeclaredRoutes', () => {
  it('finds every handler that may change something and says nothing about it', () => {
    expect(findUndeclaredRoutes([DeclaredController, ComputingController, ForgottenController])).toEqual([
      'ForgottenController.create',
    ]);
  });
});

describe('AuditDeclarations', () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(async () => await api.close());

  it('lets an API start whose routes all declare', async () => {
    expect((await api.operator('GET', '/v1/audit')).status).toBe(200);
  });
});
