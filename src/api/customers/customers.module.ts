import { Module } from '@nestjs/common';
import { ApiKeyStore } from '../../storage/access/api-key-store.ts';
import { provideStore } from '../dependencies.ts';
import { CustomersController } from './customers.controller.ts';
import { CustomersService } from './customers.service.ts';

/** Customers as things; their endpoints by uid are those of `EndpointsModule`. */
@Module({ controllers: [CustomersController], providers: [CustomersService, provideStore(ApiKeyStore)] })
export class CustomersModule {}
