// Lists what may happen to a credential in text that would be handed over.

/** `redact` replaces it, `block` refuses the text, `off` does not search for credentials. */
export const SECRETS_RULES = ['redact', 'block', 'off'] as const;
export type SecretsRule = (typeof SECRETS_RULES)[number];
export const DEFAULT_SECRETS: SecretsRule = 'redact';
