// The table of our own credential rules. Each row names where its form is published, and when the row was written.
import type { ValueForm } from './placeholders';

/**
 * One form of a credential. A pattern is global; if only a part of its match is secret, that is the group `secret`, and
 * the pattern has the flag `d`. Every repetition is bounded, so that a search takes time in proportion to the text.
 */
export interface Rule {
  readonly id: string;
  /** The kind as users see it: `[redacted: KIND]`. */
  readonly what: string;
  /** The text is searched only if it has one of these, in the given case; with the flag `i` of the pattern in any case. */
  readonly near: readonly string[];
  readonly pattern: RegExp;
  readonly form: ValueForm;
  /** A further condition on the value. */
  readonly holds?: (value: string) => boolean;
  /** Where the form can be looked up: the provider's page, or the detector that it was compared with. Few of the pages were read in full. */
  readonly source: string;
  /** Date on which the row was written, YYYY-MM-DD. */
  readonly written: string;
}

type Row = Omit<Rule, 'form' | 'written' | 'source'> & Partial<Pick<Rule, 'form' | 'source'>>;
const WRITTEN = '2026-11-30';
/** Rules of other detectors, at the state that they were compared with. */
const GITLEAKS = 'https://github.com/gitleaks/gitleaks/blob/b58d3f102cf3/config/gitleaks.toml';
const TRUFFLEHOG = 'https://github.com/trufflesecurity/trufflehog/tree/3ab759fef4bb/pkg/detectors';

const mixed = (value: string): boolean => /[a-z]/.test(value) && /[A-Z]/.test(value);
const withDigit = (value: string): boolean => /\d/.test(value);
const random = (value: string): boolean => mixed(value) && withDigit(value);

const TOKENS: readonly Row[] = [
  // Code forges and registries
  {
    id: 'github-token',
    what: 'GitHub token',
    near: ['ghp_', 'gho_', 'ghu_', 'ghr_', 'github_pat_'],
    pattern: /(?:gh[pour]|github_pat)_[A-Za-z0-9_]{36,255}/g,
    source: 'https://github.blog/changelog/2021-03-31-authentication-token-format-updates-are-generally-available',
  },
  {
    id: 'github-installation-token',
    what: 'GitHub installation token',
    near: ['ghs_'],
    pattern: /ghs_[A-Za-z0-9_.-]{36,1200}/g,
    source:
      'https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app',
  },
  {
    id: 'gitlab-token',
    what: 'GitLab token',
    near: ['gl', 'GR1348941'],
    pattern:
      /(?:gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|wt|soat|ffct)-|GR1348941)[A-Za-z0-9_=-]{20,300}(?:\.[0-9a-z.]{2,20})?/g,
    holds: withDigit,
  },
  {
    id: 'gitlab-session',
    what: 'GitLab session cookie',
    near: ['_gitlab_session='],
    pattern: /_gitlab_session=(?<secret>[0-9a-z]{32})/dg,
  },
  {
    id: 'bitbucket-app-password',
    what: 'Bitbucket app password',
    near: ['ATBB'],
    pattern: /ATBB[A-Za-z0-9]{24,64}(?![A-Za-z0-9])/g,
    source: TRUFFLEHOG,
  },
  { id: 'npm-token', what: 'npm token', near: ['npm_'], pattern: /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g },
  {
    id: 'npmrc-credential',
    what: 'npm registry credential',
    near: ['_auth', '_password'],
    pattern: /(?:^|:)_(?:authToken|auth|password)[ \t]{0,4}=[ \t]{0,4}["']?(?<secret>[^\s"'$<{][^\s"']{7,299})/dgm,
    form: 'password',
    source: 'https://docs.npmjs.com/cli/v11/configuring-npm/npmrc',
  },
  { id: 'pypi-token', what: 'PyPI token', near: ['pypi-AgE'], pattern: /pypi-AgE[A-Za-z0-9_-]{50,1000}/g },
  { id: 'rubygems-token', what: 'RubyGems token', near: ['rubygems_'], pattern: /rubygems_[A-Za-z0-9]{48}/g },
  {
    id: 'docker-token',
    what: 'Docker access token',
    near: ['dckr_'],
    pattern: /dckr_[po]at_[A-Za-z0-9_-]{20,60}/g,
    source: TRUFFLEHOG,
  },
  {
    id: 'docker-config-auth',
    what: 'Docker registry credential',
    near: ['"auths"'],
    pattern: /"auth"\s{0,8}:\s{0,8}"(?<secret>[A-Za-z0-9+/=]{12,400})"/dg,
    source: 'https://docs.docker.com/reference/cli/docker/login/',
  },

  {
    id: 'github-token-as-user',
    what: 'GitHub token',
    near: [':x-oauth-basic@'],
    pattern: /:\/\/(?<secret>[A-Za-z0-9_]{20,255}):x-oauth-basic@/dg,
    source: 'https://github.blog/2012-09-21-easier-builds-and-deployments-using-git-over-https-and-oauth/',
  },

  // Clouds and hosts
  {
    id: 'aws-access-key-id',
    what: 'AWS Access Key ID',
    near: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: /(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html',
  },
  {
    id: 'aws-secret-beside-id',
    what: 'AWS Secret Access Key',
    near: ['AKIA', 'ASIA'],
    pattern:
      /(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])[^]{0,160}?(?<![A-Za-z0-9/+=_-])(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=_-])/dg,
    holds: random,
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html',
  },
  {
    id: 'aws-secret-access-key',
    what: 'AWS Secret Access Key',
    near: ['secret'],
    pattern:
      /(?:aws|secret[_-]?access)[_-]?(?:secret[_-]?)?(?:access[_-]?)?key["']?\s{0,8}(?:[:=]|=>|:=)\s{0,8}["']?(?<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/dgi,
    holds: mixed,
    source: 'https://docs.aws.amazon.com/cli/v1/userguide/cli-configure-files.html',
  },
  {
    id: 'aws-session-token',
    what: 'AWS Session Token',
    near: ['session'],
    pattern:
      /(?:aws[_-]?)?session[_-]?token["']?\s{0,8}(?:[:=]|=>)\s{0,8}["']?(?<secret>[A-Za-z0-9/+]{100,2000}={0,2})/dgi,
    source: 'https://docs.aws.amazon.com/cli/v1/userguide/cli-configure-files.html',
  },
  {
    id: 'aws-bedrock-key',
    what: 'AWS Bedrock API Key',
    near: ['ABSK', 'bedrock-api-key-'],
    pattern: /(?:ABSK[A-Za-z0-9+/]{109,269}={0,2}|bedrock-api-key-[A-Za-z0-9+/=]{60,3000})/g,
  },
  { id: 'google-api-key', what: 'Google API key', near: ['AIza'], pattern: /AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g },
  {
    id: 'google-oauth-secret',
    what: 'Google OAuth client secret',
    near: ['GOCSPX-'],
    pattern: /GOCSPX-[A-Za-z0-9_-]{28}/g,
    source: TRUFFLEHOG,
  },
  {
    id: 'google-oauth-token',
    what: 'Google OAuth token',
    near: ['ya29.'],
    pattern: /ya29\.[A-Za-z0-9_-]{30,500}/g,
    source: TRUFFLEHOG,
  },
  {
    id: 'azure-account-key',
    what: 'Azure account key',
    near: ['key'],
    pattern:
      /(?:account|access|storage|primary|secondary|shared)[_-]?(?:access[_-]?)?key["']?\s{0,8}[:=]\s{0,8}["']?(?<secret>[A-Za-z0-9+/]{86}==)/dgi,
    source: 'https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string',
  },
  {
    id: 'azure-shared-access-key',
    what: 'Azure shared access key',
    near: ['SharedAccessKey='],
    pattern: /SharedAccessKey=(?<secret>[A-Za-z0-9+/]{43}=)/dg,
    source: 'https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas',
  },
  {
    id: 'azure-sas',
    what: 'Azure SAS signature',
    near: ['sig='],
    pattern: /\bsig=(?<secret>(?:[A-Za-z0-9+/]|%2[BbFf]){43}(?:=|%3[Dd]))/dg,
    source: 'https://learn.microsoft.com/rest/api/storageservices/create-service-sas',
  },
  {
    id: 'azure-client-secret',
    what: 'Microsoft Entra client secret',
    near: ['Q~'],
    pattern: /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/g,
  },
  {
    id: 'digitalocean-token',
    what: 'DigitalOcean token',
    near: ['_v1_'],
    pattern: /do[opr]_v1_[a-f0-9]{64}/g,
  },
  {
    id: 'heroku-api-key',
    what: 'Heroku API key',
    near: ['HRKU-'],
    pattern: /HRKU-[A-Za-z0-9_-]{36,70}/g,
    holds: withDigit,
  },
  {
    id: 'heroku-api-key-uuid',
    what: 'Heroku API key',
    near: ['heroku'],
    pattern:
      /heroku[a-z0-9_ .-]{0,30}["']?\s{0,4}(?:[:=]|=>)\s{0,4}["']?(?<secret>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/dgi,
  },
  {
    id: 'cloudflare-token',
    what: 'Cloudflare token',
    near: ['cfk_', 'cfut_', 'cfat_'],
    pattern: /cf(?:k|ut|at)_[A-Za-z0-9]{40,60}/g,
    source: 'https://developers.cloudflare.com/fundamentals/api/get-started/token-formats',
  },
  {
    id: 'cloudflare-origin-ca-key',
    what: 'Cloudflare origin CA key',
    near: ['v1.0-'],
    pattern: /v1\.0-[a-f0-9]{24}-[a-f0-9]{146}/g,
  },
  {
    id: 'terraform-token',
    what: 'Terraform token',
    near: ['.atlasv1.'],
    pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}/g,
  },
  {
    id: 'vault-token',
    what: 'Vault token',
    near: ['hvs.', 'hvb.', 'hvr.'],
    pattern: /hv[sbr]\.[A-Za-z0-9_-]{24,300}/g,
    holds: random,
    source: 'https://developer.hashicorp.com/vault/docs/concepts/tokens',
  },
  {
    id: 'vault-token-old',
    what: 'Vault token',
    near: ['vault'],
    pattern: /vault[^\n]{0,60}?[^A-Za-z0-9.](?<secret>s\.[A-Za-z0-9]{24})(?![A-Za-z0-9.])/dgi,
    holds: random,
    source: 'https://developer.hashicorp.com/vault/docs/concepts/tokens',
  },
  {
    id: 'databricks-token',
    what: 'Databricks token',
    near: ['dapi', 'dose'],
    pattern: /(?:dapi|dose)[a-f0-9]{32}(?:-\d)?(?![a-f0-9])/g,
  },
  { id: 'pulumi-token', what: 'Pulumi token', near: ['pul-'], pattern: /pul-[A-Za-z0-9]{40}(?![A-Za-z0-9])/g },
  {
    id: 'doppler-token',
    what: 'Doppler token',
    near: ['dp.'],
    pattern: /dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,80}/g,
  },
  {
    id: 'fly-token',
    what: 'Fly.io token',
    near: ['fo1_', 'fm1', 'fm2_'],
    pattern: /(?:fo1_[A-Za-z0-9_-]{43}|fm(?:1[ar]|2)_[A-Za-z0-9+/]{100,2000}={0,3})/g,
  },
  {
    id: 'planetscale-token',
    what: 'PlanetScale credential',
    near: ['pscale_'],
    pattern: /pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_=.-]{32,64}/g,
  },

  // Models
  {
    id: 'openai-key',
    what: 'OpenAI API key',
    near: ['sk-'],
    pattern:
      /sk-(?:(?:proj|svcacct|admin|service)-[A-Za-z0-9_-]{40,250}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}|[A-Za-z0-9]{48}(?![A-Za-z0-9]))/g,
    holds: random,
  },
  {
    id: 'anthropic-key',
    what: 'Anthropic API key',
    near: ['sk-ant-'],
    pattern: /sk-ant-[a-z]{2,8}\d{2}-[A-Za-z0-9_-]{40,200}/g,
  },
  {
    id: 'openrouter-key',
    what: 'OpenRouter API key',
    near: ['sk-or-'],
    pattern: /sk-or-v1-[a-f0-9]{64}/g,
    source: TRUFFLEHOG,
  },
  {
    id: 'huggingface-token',
    what: 'Hugging Face token',
    near: ['hf_', 'api_org_'],
    pattern: /(?:hf|api_org)_[A-Za-z0-9]{34}(?![A-Za-z0-9_])/g,
    holds: mixed,
  },
  { id: 'perplexity-key', what: 'Perplexity API key', near: ['pplx-'], pattern: /pplx-[A-Za-z0-9]{48}/g },
  {
    id: 'xai-key',
    what: 'xAI API key',
    near: ['xai-'],
    pattern: /xai-[A-Za-z0-9]{80}(?![A-Za-z0-9])/g,
    source: TRUFFLEHOG,
  },

  // Messages and payment
  {
    id: 'slack-token',
    what: 'Slack token',
    near: ['xox', 'xapp-'],
    pattern: /(?:xoxe\.)?(?:xox[abeoprsc]|xapp)-[A-Za-z0-9-]{10,250}/g,
    holds: withDigit,
    source: 'https://docs.slack.dev/authentication/tokens',
  },
  {
    id: 'slack-webhook',
    what: 'Slack webhook',
    near: ['hooks.slack.com'],
    pattern: /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/]{30,80}/g,
    source: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks',
  },
  {
    id: 'stripe-key',
    what: 'Stripe key',
    near: ['sk_', 'rk_'],
    pattern: /[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,250}/g,
    holds: withDigit,
    source: 'https://docs.stripe.com/keys',
  },
  {
    id: 'stripe-webhook-secret',
    what: 'Stripe webhook secret',
    near: ['whsec_'],
    pattern: /whsec_[A-Za-z0-9+/]{24,128}={0,2}/g,
    holds: mixed,
    source: 'https://docs.stripe.com/webhooks',
  },
  { id: 'square-token', what: 'Square token', near: ['sq0'], pattern: /sq0(?:atp|csp)-[A-Za-z0-9_-]{22,60}/g },
  {
    id: 'twilio-secret',
    what: 'Twilio secret',
    near: ['AC', 'SK'],
    pattern:
      /(?<![A-Za-z0-9])(?:AC|SK)[0-9a-f]{32}(?![A-Za-z0-9])[^]{0,120}?(?<![A-Za-z0-9_-])(?<secret>[0-9a-f]{32}|[A-Za-z0-9]{32})(?![A-Za-z0-9_-])/dg,
    holds: withDigit,
    source: 'https://www.twilio.com/docs/iam/api-keys',
  },
  {
    id: 'twilio-api-key-sid',
    what: 'Twilio API key',
    near: ['SK'],
    pattern: /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/g,
    source: 'https://www.twilio.com/docs/iam/api-keys',
  },
  {
    id: 'sendgrid-key',
    what: 'SendGrid API key',
    near: ['SG.'],
    pattern: /SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}/g,
    holds: random,
  },
  {
    id: 'mailgun-key',
    what: 'Mailgun key',
    near: ['mailgun'],
    pattern: /mailgun[^\n]{0,80}?(?<secret>key-[a-f0-9]{32}|[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8})/dgi,
  },
  {
    id: 'mailgun-private-key',
    what: 'Mailgun key',
    near: ['key-'],
    pattern: /(?<![A-Za-z0-9_-])key-[a-f0-9]{32}(?![A-Za-z0-9_-])/g,
    holds: withDigit,
  },
  {
    id: 'mailchimp-key',
    what: 'Mailchimp key',
    near: ['-us'],
    pattern: /(?<![A-Za-z0-9])[a-f0-9]{32}-us\d{1,2}(?![A-Za-z0-9])/g,
  },
  { id: 'brevo-key', what: 'Brevo key', near: ['xkeysib-'], pattern: /xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}/g },
  {
    id: 'telegram-bot-token',
    what: 'Telegram bot token',
    near: [':A'],
    pattern: /(?<!\d)\d{8,10}:A[A-Za-z0-9_-]{34}(?![A-Za-z0-9_-])/g,
    source: 'https://core.telegram.org/bots/api#authorizing-your-bot',
  },
  {
    id: 'discord-bot-token',
    what: 'Discord bot token',
    near: ['discord', 'Discord', 'DISCORD', 'bot', 'Bot', 'BOT'],
    pattern: /(?<![A-Za-z0-9_.-])[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}(?![A-Za-z0-9_.-])/g,
    holds: (value) => /^\d{17,20}$/.test(decoded(value.split('.', 1)[0]!)),
    source: 'https://docs.discord.com/developers/reference#authentication',
  },
  {
    id: 'discord-webhook',
    what: 'Discord webhook',
    near: ['/webhooks/'],
    pattern: /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{17,20}\/(?<secret>[A-Za-z0-9_-]{60,80})/dg,
    source: 'https://docs.discord.com/developers/resources/webhook',
  },

  // Tools of developers
  {
    id: 'shopify-token',
    what: 'Shopify token',
    near: ['shp'],
    pattern: /shp(?:at|ca|pa|ss|ua|rt)_[A-Za-z0-9]{32,64}/g,
    source: 'https://shopify.dev/changelog/length-of-the-shopify-access-token-is-increasing',
  },
  { id: 'linear-token', what: 'Linear token', near: ['lin_'], pattern: /lin_(?:api|oauth|wh)_[A-Za-z0-9]{32,128}/g },
  { id: 'notion-token', what: 'Notion token', near: ['ntn_'], pattern: /ntn_[0-9]{11}[A-Za-z0-9]{35}/g },
  {
    id: 'notion-token-old',
    what: 'Notion token',
    near: ['secret_'],
    pattern: /secret_[A-Za-z0-9]{43}(?![A-Za-z0-9])/g,
    holds: random,
    source: 'https://developers.notion.com/changelog',
  },
  {
    id: 'atlassian-token',
    what: 'Atlassian token',
    near: ['ATATT3', 'ATCTT3', 'ATSTT3'],
    pattern: /AT[ACS]TT3[A-Za-z0-9+/_=-]{50,300}/g,
  },
  {
    id: 'sentry-token',
    what: 'Sentry token',
    near: ['sntry'],
    pattern: /sntry(?:s_eyJ[A-Za-z0-9+/=_]{60,500}|u_[a-f0-9]{64})/g,
  },
  {
    id: 'grafana-token',
    what: 'Grafana token',
    near: ['glsa_', 'glc_', 'eyJrIjoi'],
    pattern:
      /(?:glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|glc_eyJ[A-Za-z0-9+/]{29,400}={0,2}|eyJrIjoi[A-Za-z0-9]{70,400}={0,2})/g,
    source: 'https://grafana.com/docs/grafana/latest/administration/service-accounts/',
  },
  {
    id: 'figma-token',
    what: 'Figma token',
    near: ['fig'],
    pattern: /fig(?:d|u|or|ur|p)_[A-Za-z0-9_-]{40,200}/g,
    source: TRUFFLEHOG,
  },
  { id: 'postman-key', what: 'Postman key', near: ['PMAK-'], pattern: /PMAK-[A-Za-z0-9]{24}-[A-Za-z0-9]{34}/g },
  {
    id: 'circleci-token',
    what: 'CircleCI token',
    near: ['CCIP'],
    pattern: /CCIP(?:AT|RJ)_[A-Za-z0-9]{15,30}_[a-f0-9]{40}/g,
    source: 'https://circleci.com/changelog/new-format-for-api-access-tokens/',
  },
  {
    id: 'artifactory-key',
    what: 'Artifactory key',
    near: ['AKCp', 'cmVmd'],
    pattern: /(?<![A-Za-z0-9+/])(?:AKCp[A-Za-z0-9]{69}|cmVmdGtuOj[A-Za-z0-9]{54})(?![A-Za-z0-9+/=])/g,
  },
  {
    id: 'dynatrace-token',
    what: 'Dynatrace token',
    near: ['dt0c01.'],
    pattern: /dt0c01\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}/gi,
  },
  { id: 'new-relic-key', what: 'New Relic key', near: ['NRAK-'], pattern: /NRAK-[A-Z0-9]{27}/g, source: TRUFFLEHOG },
  {
    id: 'supabase-key',
    what: 'Supabase key',
    near: ['sbp_', 'sb_secret_'],
    pattern: /(?:sbp_[A-Za-z0-9]{40}|sb_secret_[A-Za-z0-9_-]{22,60})/g,
    source: TRUFFLEHOG,
  },
  {
    id: 'netlify-token',
    what: 'Netlify token',
    near: ['nfp_'],
    pattern: /nfp_[A-Za-z0-9_]{36}(?![A-Za-z0-9_])/g,
    source: TRUFFLEHOG,
  },
  {
    id: 'onepassword-key',
    what: '1Password secret key',
    near: ['A3-'],
    pattern:
      /(?<![A-Za-z0-9])A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}(?![A-Za-z0-9])/g,
    holds: withDigit,
  },
  {
    id: 'age-key',
    what: 'age secret key',
    near: ['AGE-SECRET-KEY-'],
    pattern: /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/g,
  },
  {
    id: 'jwt',
    what: 'JSON Web Token',
    near: ['eyJ'],
    // The lookbehind lets a run of base64 be tried once only, from its start; behind `\n` of a literal a token may begin.
    pattern:
      /eyJ(?<!(?<!\\)[A-Za-z0-9_-]eyJ)[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{16,1400}/g,
    source: 'https://www.rfc-editor.org/rfc/rfc7515#section-3.1',
  },
];

/** Names of an address or a user in a connection string, as ADO, ODBC and ADO.NET write them. */
const ADO_NAMES =
  'server|data source|datasource|address|addr|network address|host|hostname|user id|userid|uid|user|username|driver|database|initial catalog|dsn|provider|endpoint|port';
const LIBPQ_NAMES = 'host|hostaddr|dbname|user|port|sslmode';
const RFC3986 = 'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1';
const ADO = 'https://learn.microsoft.com/dotnet/framework/data/adonet/connection-string-syntax';
const LIBPQ = 'https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING';

const PASSWORDS: readonly Row[] = [
  {
    id: 'url-password',
    what: 'password in a URL',
    near: ['://'],
    // A password that repeats the user is a local set-up.
    pattern:
      /:\/\/(?<user>[^\s:@/?#"'`<>\\]{0,80}):(?!\k<user>@)(?<secret>[^\s/?#"'`<>\\]{1,200})@[A-Za-z0-9[{$%_*-]/dg,
    holds: (value) => !/^\d{1,5},/.test(value), // a port, and then the next host of a list
    source: RFC3986,
  },
  {
    id: 'query-password',
    what: 'password in a connection string',
    near: ['password=', 'passwd=', 'pwd='],
    pattern: /(?:jdbc:|:\/\/)[^\s"'`<>]{0,300}?[?&;](?:password|passwd|pwd)=(?<secret>[^\s&;"'`<>\\]{1,128})/dgi,
    source: 'https://learn.microsoft.com/sql/connect/jdbc/building-the-connection-url',
  },
  {
    id: 'ado-password',
    what: 'password in a connection string',
    near: ['password', 'pwd'],
    pattern: new RegExp(
      `\\b(?:${ADO_NAMES}) ?= ?[^\\n"'\`;=]{1,200};(?:[^\\n"'\`;=]{1,40}=[^\\n"'\`;=]{0,200};){0,12} ?(?:password|pwd) ?= ?(?<secret>"[^"\\n]{1,128}"|'[^'\\n]{1,128}'|[^\\s;"'\`<>\\\\]{1,128})`,
      'dgi',
    ),
    source: ADO,
  },
  {
    id: 'ado-password-first',
    what: 'password in a connection string',
    near: ['password', 'pwd'],
    pattern: new RegExp(
      `(?<![A-Za-z0-9_.])(?:password|pwd) ?= ?(?<secret>[^\\s;"'\`<>\\\\]{1,128});[^\\n"'\`=]{0,60}\\b(?:${ADO_NAMES}) ?= ?[^\\s"'\`;=(),]{1,200}(?:;|["'\`]|$)`,
      'dgim',
    ),
    source: ADO,
  },
  {
    id: 'libpq-password',
    what: 'password in a connection string',
    near: ['password'],
    pattern: new RegExp(
      `\\b(?:${LIBPQ_NAMES}) ?= ?[^\\s"'\`=,;()]{1,100} (?:[a-z_]{2,30} ?= ?[^\\s"'\`=,;()]{1,100} ){0,8}password ?= ?(?<secret>'[^'\\n]{1,128}'|[^\\s"'\`<>\\\\,;]{1,128})`,
      'dg',
    ),
    source: LIBPQ,
  },
  {
    id: 'libpq-password-first',
    what: 'password in a connection string',
    near: ['password'],
    pattern: new RegExp(
      `(?<![A-Za-z0-9_.])password ?= ?(?<secret>[^\\s"'\`<>\\\\,;()]{1,128}) (?:[a-z_]{2,30} ?= ?[^\\s"'\`=,;()]{1,100} ){0,8}(?:host|hostaddr|dbname|port|sslmode) ?= ?[^\\s"'\`=,;()]{1,100}`,
      'dg',
    ),
    source: LIBPQ,
  },
  {
    id: 'netrc-password',
    what: 'password in a netrc file',
    near: ['machine'],
    pattern: /\bmachine\s{1,8}\S{1,200}\s{1,8}login\s{1,8}\S{1,200}\s{1,8}password\s{1,8}(?<secret>[^\s"'`]{1,200})/dg,
    source: 'https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html',
  },
];

/** Tokens first: where two rules find the same value, the one that says more about it comes first. */
export const RULES: readonly Rule[] = [
  ...TOKENS.map((row): Rule => ({ form: 'token', source: GITLEAKS, written: WRITTEN, ...row })),
  ...PASSWORDS.map((row): Rule => ({ form: 'password', source: GITLEAKS, written: WRITTEN, ...row })),
];

function decoded(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('latin1');
}
