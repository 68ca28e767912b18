import { cpSync } from 'node:fs';

/** The compiler copies code only: the SQL of the migrations has to follow it. */
const source = new URL('../src/store/migrations/', import.meta.url);
const built = new URL('../dist/src/store/migrations/', import.meta.url);
cpSync(source, built, { recursive: true });
