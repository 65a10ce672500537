// Knows what may happen to a credential that is found in what would be handed over.

/** `redact` replaces, `block` refuses, `off` looks for nothing. */
export const SECRETS_RULES = ['redact', 'block', 'off'] as const;
export type SecretsRule = (typeof SECRETS_RULES)[number];
export const DEFAULT_SECRETS: SecretsRule = 'redact';
