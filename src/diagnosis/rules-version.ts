/** Stored with every run, so that an old verdict stays readable. Raise it when a threshold, edge or rule changes. */
export const RULES_VERSION = '2026.11.25';
