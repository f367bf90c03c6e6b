import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { appModule } from '../../../../src/api/app.module.ts';
import { createDocument } from '../../../../src/api/docs/create-document.ts';
import { Documented } from '../../../../src/api/platform/answers/document.ts';
import { notFound } from '../../../../src/api/platform/answers/problem.ts';
import { Departure } from '../../../../src/api/platform/http/departure.ts';
import { RouteTable } from '../../../../src/api/platform/http/route-table.ts';
import { createHttpAdapter } from '../../../../src/api/platform/http/server.ts';
import { type ApiUnderTest, startApi } from '../../../support/api/api.ts';

const ENDING = { deprecatedOn: '2027-01-31', goneOn: '2027-09-01' };

@Controller('v1/old-things')
class OldThingsController {
  @Get()
  @Documented({ operation: 'old_things_list', summary: 'Lists old things', ending: ENDING })
  list(): object {
    return { items: [] };
  }

  @Get('one')
  @Documented({ operation: 'old_things_get', summary: 'Reads an old thing', ending: ENDING })
  read(): object {
    throw notFound('old thing');
  }

  @Get('new')
  @Documented({ operation: 'new_things_get', summary: 'Reads a new thing' })
  readNew(): object {
    return {};
  }
}

@Module({ controllers: [OldThingsController] })
class OldThingsModule {}

@Module({})
class OldModule {}

let api: ApiUnderTest;
let app: NestFastifyApplication;
let url: string;

/** The API and routes that are to go: it has none of its own. */
beforeAll(async () => {
  api = await startApi();
  const { logger, config } = api.dependencies;
  const parts = { routes: new RouteTable(), departure: new Departure() };
  const { trustedProxies, basePath, limits: bodies } = config;
  const imports = [appModule(api.dependencies, parts), OldThingsModule];
  app = await NestFactory.create<NestFastifyApplication>(
    { module: OldModule, imports },
    createHttpAdapter({ logger, trustedProxies, basePath, bodies }, parts),
    { logger: false, abortOnError: false, bodyParser: false },
  );
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(async () => {
  await app.close();
  await api.close();
});

async function get(path: string): Promise<Response> {
  return await fetch(url + path, { headers: { Authorization: `Bearer ${api.adminKey}` } });
}

describe('a route that is to go', () => {
  it.each([
    ['/v1/old-things', 200],
    ['/v1/old-things/one', 404],
  ])('says so, and when, with every answer: %s', async (path, status) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('Deprecation')).toBe('@1801353600');
    expect(answer.headers.get('Sunset')).toBe('Wed, 01 Sep 2027 00:00:00 GMT');
  });

  it('is deprecated in the OpenAPI document, which names the headers', () => {
    const { paths } = createDocument(app, '0.0.0');
    const operation = paths['/v1/old-things']?.get;
    expect(operation?.deprecated).toBe(true);
    expect(operation?.responses['200']).toMatchObject({
      headers: { Deprecation: expect.anything(), Sunset: expect.anything() },
    });
  });

  it('is no other', async () => {
    const answer = await get('/v1/old-things/new');
    expect([answer.status, answer.headers.get('Deprecation')]).toEqual([200, null]);
    expect(createDocument(app, '0.0.0').paths['/v1/old-things/new']?.get).not.toHaveProperty('deprecated');
  });
});
