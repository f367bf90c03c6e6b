import { Injectable, type OnModuleInit, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { AUDIT_RULE } from './audit-rule.ts';

const READING = [RequestMethod.GET, RequestMethod.HEAD, RequestMethod.OPTIONS];

/** Lets the API start only where every route that may change something says how it is audited, or why it is not. */
@Injectable()
export class AuditDeclarations implements OnModuleInit {
  readonly #discovery: DiscoveryService;

  constructor(discovery: DiscoveryService) {
    this.#discovery = discovery;
  }

  onModuleInit(): void {
    const controllers = this.#discovery.getControllers().flatMap(({ metatype }) => metatype ?? []);
    const undeclared = findUndeclaredRoutes(controllers as Type[]);
    if (undeclared.length === 0) return;
    throw new Error(`neither @Audited nor @NotAudited: ${undeclared.join(', ')}`);
  }
}

/** The handlers of these controllers that are no mere reading and declare no audit rule, as `Controller.method`. */
export function findUndeclaredRoutes(controllers: readonly Type[]): readonly string[] {
  const scanner = new MetadataScanner();
  return controllers.flatMap((controller) =>
    scanner
      .getAllMethodNames(controller.prototype)
      .filter((name) => {
        const handler = controller.prototype[name];
        const method: RequestMethod | undefined = Reflect.getMetadata(METHOD_METADATA, handler);
        const rule = Reflect.getMetadata(AUDIT_RULE, handler) ?? Reflect.getMetadata(AUDIT_RULE, controller);
        return method !== undefined && !READING.includes(method) && rule === undefined;
      })
      .map((name) => `${controller.name}.${name}`),
  );
}
