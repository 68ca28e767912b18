import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ENV_NAMES } from '../../src/config/env-variables.js';

const Container = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()),
  volumes: z.array(z.string()),
  healthcheck: z.object({ test: z.array(z.string()).min(2) }),
  depends_on: z.record(z.string(), z.object({ condition: z.literal('service_healthy') })).optional(),
  restart: z.literal('unless-stopped'),
});
const Compose = z.object({
  services: z.object({
    bot: Container,
    worker: Container,
    redis: Container.partial({ environment: true }),
    postgres: Container,
  }),
});

describe('docker-compose.yml', () => {
  const text = readFileSync('docker-compose.yml', 'utf8');
  const { services } = Compose.parse(parse(text, { merge: true }));

  it('gives Redis what the queues need: nothing lost in a crash, nothing evicted', () => {
    const command = services.redis.command?.join(' ');
    expect(command).toContain('--appendonly yes --appendfsync always --maxmemory-policy noeviction');
  });

  it.each(['bot', 'worker'] as const)('starts the %s after the stores, with variables that exist', (name) => {
    const { command, environment, depends_on: after } = services[name];
    expect(command).toEqual([name]);
    expect(Object.keys(after ?? {}).toSorted()).toEqual(['postgres', 'redis']);
    expect(Object.keys(environment).filter((variable) => !ENV_NAMES.includes(variable))).toEqual([]);
    expect(environment).toMatchObject({ REDIS_URL: 'redis://redis:6379' });
  });

  it('mounts keys and inventory read-only and holds no secret', () => {
    expect(services.worker.volumes.every((volume) => volume.endsWith(':ro'))).toBe(true);
    expect(text).not.toMatch(/xoxb-|xapp-/);
    expect(services.postgres.environment['POSTGRES_PASSWORD']).toMatch(/^\$\{POSTGRES_PASSWORD:\?/);
  });
});

describe('slack-manifest.yaml', () => {
  const Manifest = z.object({
    features: z.object({ slash_commands: z.tuple([z.object({ command: z.literal('/diag503') })]) }),
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
    settings: z.object({
      interactivity: z.object({ is_enabled: z.literal(true) }),
      socket_mode_enabled: z.literal(true),
    }),
  });
  const manifest = Manifest.parse(parse(readFileSync('slack-manifest.yaml', 'utf8')));

  it('asks for the scopes of the methods that are called, and no others', () => {
    expect(manifest.oauth_config.scopes.bot.toSorted()).toEqual([
      'channels:history',
      'channels:read',
      'chat:write',
      'chat:write.public',
      'commands',
      'files:write',
      'groups:history',
      'groups:read',
      'usergroups:read',
      'users:read',
    ]);
  });
});
