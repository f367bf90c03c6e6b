import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { VERSION } from '../dependencies.ts';
import { Documented } from '../platform/answers/document.ts';

const versionView = z.object({ version: z.string().meta({ examples: ['0.1.0'] }) }).meta({ id: 'Version' });

/** Which Posthorn this is. */
@ApiTags('health')
@Controller('v1/version')
export class VersionController {
  readonly #version: string;

  constructor(@Inject(VERSION) version: string) {
    this.#version = version;
  }

  @Get()
  @Documented({ operation: 'version_get', summary: 'Which version answers', answer: versionView })
  read(): z.output<typeof versionView> {
    return { version: this.#version };
  }
}
