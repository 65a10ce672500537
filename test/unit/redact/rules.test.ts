// Tests each rule of the table: it finds exactly the value, wherever it stands, and no placeholder.
import { describe, expect, test } from 'vitest';
import { findByPatterns } from '../../../src/redact/patterns';
import { RULES } from '../../../src/redact/rules';
import { findSecrets, redact } from '../../../src/redact/secrets';

const HEX = '0123456789abcdef';
const DIGITS = '0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const URL64 = `${ALNUM}_-`;
const B64 = `${ALNUM}+/`;

/** Varied characters, the same in every run. They are made here, so that no scanner takes this file for a leak. */
function body(alphabet: string, length: number): string {
  let state = length * 31 + alphabet.length;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return alphabet[(state >>> 12) % alphabet.length]!;
  }).join('');
}
const segment = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const botId = Buffer.from('812345678901234567').toString('base64url');
const uuid = [8, 4, 4, 4, 12].map((n) => body(HEX, n)).join('-');
const awsId = `AKIA${body(UPPER, 16)}`;
const jwt = `${segment({ alg: 'HS256', typ: 'JWT' })}.${segment({ sub: '17', name: 'Ada' })}.${body(URL64, 43)}`;

/** For each rule texts and the value that goes; the value alone is the text if there is one element. */
const SAMPLES: Readonly<Record<string, readonly (readonly [value: string, text?: (value: string) => string])[]>> = {
  'github-token': [
    ...['ghp', 'gho', 'ghu', 'ghr'].map((p) => [`${p}_${body(ALNUM, 36)}`] as const),
    [`github_pat_${body(ALNUM, 22)}_${body(ALNUM, 59)}`],
  ],
  'github-installation-token': [[`ghs_${body(ALNUM, 36)}`], [`ghs_1234_${jwt}`]],
  'gitlab-token': [
    ...['pat', 'oas', 'dt', 'rt', 'cbt', 'ptt', 'ft', 'imt', 'agent'].map(
      (p) => [`gl${p}-${body(URL64, 26)}`] as const,
    ),
    [`glpat-${body(URL64, 32)}.01.${body(`${DIGITS}abc`, 9)}`],
    [`GR1348941${body(URL64, 20)}`],
  ],
  'gitlab-session': [[body(`${DIGITS}abcdefghij`, 32), (v) => `Cookie: _gitlab_session=${v}; a=b`]],
  'bitbucket-app-password': [[`ATBB${body(ALNUM, 32)}`]],
  'npm-token': [[`npm_${body(ALNUM, 36)}`]],
  'npmrc-credential': [
    [uuid, (v) => `//npm.example.org/:_authToken=${v}\n`],
    [body(B64, 24), (v) => `//npm.corp.net/:_password = "${v}"\n`],
  ],
  'pypi-token': [[`pypi-AgE${body(URL64, 150)}`]],
  'rubygems-token': [[`rubygems_${body(HEX, 48)}`]],
  'github-token-as-user': [[body(HEX, 40), (v) => `"git+https://${v}:x-oauth-basic@github.com/a/b.git"`]],
  'docker-token': [[`dckr_pat_${body(URL64, 27)}`], [`dckr_oat_${body(URL64, 32)}`]],
  'docker-config-auth': [[body(B64, 28), (v) => `{ "auths": { "ghcr.io": { "auth": "${v}" } } }`]],
  'aws-access-key-id': [[awsId], [`ASIA${body(UPPER, 16)}`]],
  'aws-secret-beside-id': [
    [body(B64, 40), (v) => `new Client('${awsId}', '${v}')`],
    [body(B64, 40), (v) => `id = ${awsId}\nsecret = ${v}\n`],
  ],
  'aws-secret-access-key': [
    [body(B64, 40), (v) => `AWS_SECRET_KEY=${v}`],
    [body(B64, 40), (v) => `"secretAccessKey": "${v}"`],
  ],
  'aws-session-token': [[body(B64, 200), (v) => `aws_session_token = ${v}`]],
  'aws-bedrock-key': [[`ABSK${body(B64, 128)}`]],
  'google-api-key': [[`AIza${body(URL64, 35)}`]],
  'google-oauth-secret': [[`GOCSPX-${body(URL64, 28)}`]],
  'google-oauth-token': [[`ya29.${body(URL64, 160)}`]],
  'azure-account-key': [
    [`${body(B64, 86)}==`, (v) => `"DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${v};EndpointSuffix=b"`],
  ],
  'azure-shared-access-key': [
    [`${body(B64, 43)}=`, (v) => `Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=${v}`],
  ],
  'azure-sas': [[`${body(ALNUM, 43)}%3D`, (v) => `https://a.blob.core.windows.net/c?sv=2024-01-01&sr=c&sp=r&sig=${v}`]],
  'azure-client-secret': [[`${body(ALNUM, 3)}8Q~${body(URL64, 34)}`]],
  'digitalocean-token': ['dop', 'doo', 'dor'].map((p) => [`${p}_v1_${body(HEX, 64)}`]),
  'heroku-api-key': [[`HRKU-AA${body(URL64, 58)}`]],
  'heroku-api-key-uuid': [[uuid, (v) => `HEROKU_API_KEY: ${v}`]],
  'cloudflare-token': ['cfk', 'cfut', 'cfat'].map((p) => [`${p}_${body(ALNUM, 40)}${body(HEX, 8)}`]),
  'cloudflare-origin-ca-key': [[`v1.0-${body(HEX, 24)}-${body(HEX, 146)}`]],
  'terraform-token': [[`${body(ALNUM, 14)}.atlasv1.${body(ALNUM, 67)}`]],
  'vault-token': ['hvs', 'hvb', 'hvr'].map((p) => [`${p}.${body(URL64, 95)}`]),
  'vault-token-old': [[`s.${body(ALNUM, 24)}`, (v) => `export VAULT_TOKEN="${v}"`]],
  'databricks-token': [[`dapi${body(HEX, 32)}`], [`dapi${body(HEX, 32)}-2`]],
  'pulumi-token': [[`pul-${body(HEX, 40)}`]],
  'doppler-token': [[`dp.pt.${body(ALNUM, 43)}`]],
  'fly-token': [[`fo1_${body(URL64, 43)}`], [`fm2_${body(B64, 120)}`]],
  'planetscale-token': [[`pscale_tkn_${body(ALNUM, 43)}`]],
  'openai-key': [
    [`sk-${body(ALNUM, 48)}`],
    [`sk-proj-${body(URL64, 74)}T3BlbkFJ${body(URL64, 74)}`],
    [`sk-svcacct-${body(URL64, 60)}`],
  ],
  'anthropic-key': [[`sk-ant-api03-${body(URL64, 93)}AA`], [`sk-ant-oat01-${body(URL64, 93)}AA`]],
  'openrouter-key': [[`sk-or-v1-${body(HEX, 64)}`]],
  'huggingface-token': [[`hf_${body(ALNUM, 34)}`]],
  'perplexity-key': [[`pplx-${body(ALNUM, 48)}`]],
  'xai-key': [[`xai-${body(ALNUM, 80)}`]],
  'slack-token': [
    ...['xoxb', 'xoxp', 'xoxa', 'xoxr', 'xoxs'].map(
      (p) => [`${p}-${body(DIGITS, 12)}-${body(DIGITS, 12)}-${body(ALNUM, 24)}`] as const,
    ),
    [`xapp-1-A${body(UPPER, 10)}-${body(DIGITS, 13)}-${body(HEX, 64)}`],
    [`xoxe.xoxp-1-${body(ALNUM, 163)}`],
  ],
  'slack-webhook': [
    [`hooks.slack.com/services/T${body(UPPER, 8)}/B${body(UPPER, 8)}/${body(ALNUM, 24)}`, (v) => `https://${v}`],
  ],
  'stripe-key': ['sk_live', 'rk_live', 'sk_test'].map((p) => [`${p}_${body(ALNUM, 24)}`]),
  'stripe-webhook-secret': [[`whsec_${body(ALNUM, 32)}`]],
  'square-token': [[`sq0atp-${body(URL64, 22)}`]],
  'twilio-secret': [[body(HEX, 32), (v) => `twilio("AC${body(HEX, 33).slice(1)}", "${v}")`]],
  'twilio-api-key-sid': [[`SK${body(HEX, 32)}`]],
  'sendgrid-key': [[`SG.${body(URL64, 22)}.${body(URL64, 43)}`]],
  'mailgun-key': [
    [`key-${body(HEX, 32)}`, (v) => `mailgun_key = '${v}'`],
    [`${body(HEX, 32)}-${body(HEX, 8)}-${body(HEX, 8)}`, (v) => `MAILGUN_API_KEY=${v}`],
  ],
  'mailgun-private-key': [[`key-${body(HEX, 32)}`]],
  'mailchimp-key': [[`${body(HEX, 32)}-us12`]],
  'brevo-key': [[`xkeysib-${body(HEX, 64)}-${body(ALNUM, 16)}`]],
  'telegram-bot-token': [[`${body(DIGITS, 10)}:AA${body(URL64, 33)}`]],
  'discord-bot-token': [[`${botId}.${body(URL64, 6)}.${body(URL64, 38)}`, (v) => `bot.login('${v}')`]],
  'discord-webhook': [[body(URL64, 68), (v) => `https://discord.com/api/webhooks/812345678901234567/${v}`]],
  'shopify-token': ['shpat', 'shpca', 'shppa', 'shpss'].map((p) => [`${p}_${body(HEX, 32)}`]),
  'linear-token': [[`lin_api_${body(ALNUM, 40)}`], [`lin_oauth_${body(HEX, 64)}`]],
  'notion-token': [[`ntn_${body(DIGITS, 11)}${body(ALNUM, 35)}`]],
  'notion-token-old': [[`secret_${body(ALNUM, 43)}`]],
  'atlassian-token': [[`ATATT3${body(URL64, 180)}=${body(HEX, 8)}`]],
  'sentry-token': [
    [`sntrys_${segment({ iat: 1, url: 'https://sentry.io' })}_${body(B64, 43)}`],
    [`sntryu_${body(HEX, 64)}`],
  ],
  'grafana-token': [[`glsa_${body(ALNUM, 32)}_${body(HEX, 8)}`], [`glc_eyJ${body(ALNUM, 90)}`]],
  'figma-token': [[`figd_${body(URL64, 43)}`]],
  'postman-key': [[`PMAK-${body(HEX, 24)}-${body(HEX, 34)}`]],
  'circleci-token': [[`CCIPAT_${body(ALNUM, 22)}_${body(HEX, 40)}`]],
  'artifactory-key': [[`AKCp${body(ALNUM, 69)}`]],
  'dynatrace-token': [[`dt0c01.${body(UPPER, 24)}.${body(UPPER, 64)}`]],
  'new-relic-key': [[`NRAK-${body(UPPER, 27)}`]],
  'supabase-key': [[`sbp_${body(HEX, 40)}`], [`sb_secret_${body(URL64, 31)}`]],
  'netlify-token': [[`nfp_${body(ALNUM, 36)}`]],
  'onepassword-key': [[`A3-${[6, 6, 5, 5, 5, 5].map((n) => body(UPPER, n)).join('-')}`]],
  'age-key': [[`AGE-SECRET-KEY-1${body('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`]],
  jwt: [[jwt]],
  'url-password': [
    ['s3cr:t-9', (v) => `redis://:${v}@cache.internal:6379/0`],
    ['p%40ss9w', (v) => `amqps://worker:${v}@mq-1.internal/vhost`],
    ['Tr0ub4dor', (v) => `curl https://ada:${v}@api.acme.io/v1`],
    ['at@sign9', (v) => `mssql://sa:${v}@10.0.0.7:1433`],
  ],
  'query-password': [
    ['Tr0ub4dor', (v) => `"jdbc:postgresql://db.internal/app?user=ada&password=${v}&ssl=true"`],
    ['Tr0ub4dor', (v) => `jdbc:sqlserver://db.internal:1433;databaseName=app;user=ada;password=${v};encrypt=true`],
  ],
  'ado-password': [
    ['Tr0ub4dor', (v) => `"Server=db.internal;Database=app;User Id=ada;Password=${v};"`],
    ['Tr0ub4dor', (v) => `Driver={ODBC Driver 18 for SQL Server};Server=tcp:db.internal;Uid=ada;Pwd=${v};Encrypt=yes`],
    ['Tr0ub dor;9', (v) => `Data Source=db.internal;User ID=ada;Password='${v}';`],
  ],
  'ado-password-first': [['Tr0ub4dor', (v) => `"Password=${v};Server=db.internal;Uid=ada"`]],
  'libpq-password': [
    ['Tr0ub4dor', (v) => `psycopg2.connect("host=db.internal dbname=app user=ada password=${v} sslmode=require")`],
  ],
  'libpq-password-first': [['Tr0ub4dor', (v) => `"password=${v} user=ada host=db.internal"`]],
  'netrc-password': [['Tr0ub4dor', (v) => `machine api.acme.io\n  login ada\n  password ${v}\n`]],
};

test('every rule has a sample, an id of its own, a source and a date', () => {
  expect(Object.keys(SAMPLES).sort()).toEqual(RULES.map((r) => r.id).sort());
  expect(new Set(RULES.map((r) => r.id)).size).toBe(RULES.length);
  for (const r of RULES) {
    expect(r.source, r.id).toMatch(/^https:\/\//);
    expect(r.written, r.id).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(r.near, r.id).not.toEqual([]);
    expect(r.pattern.global, r.id).toBe(true);
    expect(r.pattern.hasIndices, r.id).toBe(r.pattern.source.includes('(?<secret>'));
  }
});

describe.each(Object.entries(SAMPLES))('%s', (id, samples) => {
  test.each(samples.map(([value, text], i) => [i, value, text?.(value) ?? `const key = "${value}";\n`]))(
    'sample %i: exactly the value',
    async (_, value, text) => {
      const found = findByPatterns(text).filter((f) => f.rule.id === id);
      expect(found.map((f) => text.slice(f.start, f.end))).toEqual([value]);
      const left = redact(text, await findSecrets(text));
      expect(left).not.toContain(value);
      expect(left).toContain('[redacted: ');
    },
  );
});

test('a token counts behind an escape, in an address and at the end of the text, not inside a word', async () => {
  const token = SAMPLES['stripe-key']![0]![0];
  for (const before of ['"\\n', 'a%3D', 'x=', '"\\u003d', '', '(', 'MY_'])
    expect(findByPatterns(`${before}${token}`), before).toHaveLength(1);
  expect(findByPatterns(`ri${token}`)).toEqual([]);
});

test('a byte order mark shifts nothing', async () => {
  const token = SAMPLES['github-token']![0]![0];
  expect(redact(`\ufeff${token}\n`, await findSecrets(`\ufeff${token}\n`))).toMatch(/^\ufeff\[redacted: [^\]]+\]\n$/);
});

describe('what only stands for a credential stays', () => {
  test.each([
    `ghp_${'x'.repeat(36)}`,
    `ghp_${'1234567890'.repeat(4)}`,
    `"sk-ant-api03-${'.'.repeat(6)}"`,
    `glpat-${'X'.repeat(20)}`,
    `AKIA${'IOSFODNN7'}EXAMPLE`,
    `aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/${'bPxRfiCY'}EXAMPLEKEY`,
    'const key = process.env.STRIPE_KEY;',
    `STRIPE_KEY=sk_live_${'your-key-here'}`,
    `sk_test_${'x'.repeat(24)}`,
    'postgres://user:password@localhost:5432/db',
    'postgres://postgres:postgres@localhost/db',
    'mysql://root:root@127.0.0.1/app',
    'mongodb://<user>:<password>@cluster0.mongodb.net',
    'redis://:${REDIS_PASSWORD}@cache:6379',
    'amqp://{user}:{password}@{host}',
    '`https://${user}:${password}@${host}/`',
    'ftp://%s:%s@%s/',
    'https://$USER:$PASS@host.io',
    'postgres://ada:changeme@db/app',
    'https://bob:your_password@host.io',
    'http://localhost:3000/a@b',
    'git+ssh://git@github.com:22/a/b.git',
    'see http://a.io:80 and mail to me@b.io',
    "'machine {host} login token password {auth_token}'",
    'https://foo.com:123,foo:bar@bar.com/path',
    'sqs://aws_access_key_id:aws_secret_access_key@region:1',
    'jdbc:mysql://h/db?user=u&password=${pw}',
    '"Server=db;User Id=u;Password=***;"',
    '"Server=db;User Id=u;Password={0};"',
    '"Server=db;User Id=u;Password=<password>;"',
    'connect(host=host, user=user, password=password)',
    '"host=%s user=%s password=%s"',
    'host=localhost user=postgres password=secret dbname=x',
    '//npm.example.org/:_authToken=${NPM_TOKEN}',
    'this._authToken = options.authToken; self._password = password_value',
    'process.env.npm_config_onnxruntime_node_install_cuda',
    '"accountId": "123456789012", "owner": "AROAJ7QWER2TYUIOPAS4D"',
  ])('%s', async (text) => {
    expect(await findSecrets(text)).toEqual([]);
  });
});
