/** One family of secrets. `keep` groups of the pattern stay, what is named `secret` goes. */
export type RedactRule = {
  type: string;
  /** Global, linear: no repeat inside a repeat. The secret is the group `secret`, or all of it. */
  pattern: RegExp;
  /** Only lines that contain one of these (lower case) can match: most lines are done after this look. */
  hints: readonly string[];
};

const rule = (type: string, hints: readonly string[], pattern: RegExp): RedactRule => ({
  type,
  hints,
  pattern,
});

/** Ends of a bare value: blanks, quotes, separators of queries, lists and JSON. */
const VALUE = String.raw`[^\s"'&,;)}\]<>|]+`;

/** Secrets that their context gives away. */
const CONTEXT: readonly RedactRule[] = [
  rule(
    'authorization',
    ['authorization'],
    /\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:bearer|basic|digest|token|negotiate|apikey|aws4-hmac-sha256|bot)\s+)?(?:token=["']?)?(?<secret>[^\s"'][^"'\r\n]{2,})/gi,
  ),
  rule('bearer-token', ['bearer'], /\bbearer:?\s+(?<secret>(?=[^\s\d]*\d)[A-Za-z0-9._~+/-]{8,}=*)/gi),
  rule(
    'basic-auth',
    ['basic '],
    /\bbasic\s+(?<secret>(?=[A-Za-z+/]*[0-9=])[A-Za-z0-9+/]{12,}={0,2})(?![A-Za-z0-9+/])/gi,
  ),
  rule('cookie', ['cookie'], /\b(?:set-)?cookie["']?\s*[:=]\s*["']?(?<secret>[^\s"'=;]{1,80}=[^"'\r\n]+)/gi),
  rule(
    'session',
    ['sess', 'sid', 'csrf', 'xsrf'],
    new RegExp(
      String.raw`\b(?:phpsessid|jsessionid|asp\.net_sessionid|connect\.sid|session[_-]?(?:id|key|token)?|sid|(?:csrf|xsrf)[_-]?token|csrfmiddlewaretoken)["']?=["']?(?<secret>${VALUE})`,
      'gi',
    ),
  ),
  rule(
    'url-password',
    ['://'],
    /\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:@/"'<>]{0,128}:(?<secret>[^\s"'<>/?#]{1,256})@(?=[^\s@/]*(?:[\s"'/?:,;)]|$))/gi,
  ),
  // Database clients take a password with an unescaped slash that no URL parser would.
  rule(
    'url-password',
    ['://'],
    /\b(?:postgres(?:ql)?|rediss?|mysql|mariadb|mongodb(?:\+srv)?|amqps?):\/\/[^\s:@/"'<>]{0,128}:(?<secret>[^\s"'<>]{1,256})@/gi,
  ),
  rule(
    'datadog-key',
    ['dd_', 'dd-', 'datadog'],
    /\b(?:dd|datadog)[_-](?:api|app|application)[_-]?key["']?\s*[:=]\s*["']?(?<secret>[^\s"',;]{8,})/gi,
  ),
  rule('url-token', ['://', '@'], /\bhttps?:\/\/(?<secret>[^\s:@/"'<>?]{16,256})@/gi),
  rule(
    'query',
    ['?', '&'],
    new RegExp(
      String.raw`[?&](?:[\w.-]{1,40}[_-](?:key|token|secret|password|hint)|pat|assertion|access_?token|auth|auth_?token|refresh_?token|id_?token|token|sig|signature|api_?key|apikey|key|code|client_secret|secret|password|passwd|pwd|x-amz-(?:signature|credential|security-token)|x-goog-signature|se?cret|jwt|session|hmac|otp)=(?<secret>(?!\d{1,3}(?!\w))${VALUE})`,
      'gi',
    ),
  ),
  rule(
    'password',
    ['pass', 'pwd'],
    /(?:password|passwd|passphrase|passcode|passwort|pgpass|_pass|pwd(?!["']?\s?=\s?\/))\b["']?\s?(?:=>|=|:=)\s?(?:"(?<q1>[^"\r\n]+)"|'(?<q2>[^'\r\n]+)'|(?<secret>[^\s"',;&)}\]]+))/gi,
  ),
  rule(
    'password',
    ['pass', 'pwd'],
    /(?:password|passwd|passphrase|passcode|_pass|\bpwd)["']?\s?:\s*(?:"(?<q1>[^"\r\n]+)"|'(?<q2>[^'\r\n]+)'|(?<secret>(?!(?:must|is|was|are|not|no|yes|wrong|required|missing|too|invalid|the|for|and|null|none|true|false|authentication|auth|expired|incorrect|failed|please|unset|empty)(?:[\s.,;]|$))[^\s"',;&)}\]]+))/gi,
  ),
  rule(
    'secret',
    ['secret', 'token', 'key', 'credential'],
    new RegExp(
      String.raw`(?:secret|secret_?key|secret_?access_?key|access_?key|api_?key|app_?key|apikey|auth_?key|private_?key|encryption_?key|signing_?key|account_?key|shared_?access_?key|master_?key|token|credentials?)\b["']?\s?(?:=>|=|:=)\s?["']?(?<secret>(?!null\b|none\b|true\b|false\b|undefined\b|yes\b|no\b)${VALUE})`,
      'gi',
    ),
  ),
  rule(
    'secret',
    ['secret', 'token', 'key'],
    /(?:secret|access[_-]?key|api[_-]?key|apikey|app[_-]key|application-key|private[_-]?key|signing[_-]?key|token)["']?:\s*["']?(?<secret>(?=[^\s"',;]*\d)[^\s"',;&)}\]]{8,})/gi,
  ),
  rule(
    'secret',
    ['"'],
    /"[a-z0-9_.-]{0,60}(?:secret|token|api_?key|access_?key|private_?key|client_?secret)[a-z0-9_]{0,20}"\s*:\s*"(?<secret>[^"\r\n]{4,})"/gi,
  ),
  // JSON as text inside of JSON, as loggers of containers write it.
  rule(
    'secret',
    ['\\"'],
    /\\"[a-z0-9_.-]{0,60}(?:password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|authorization)\\"\s?:\s?\\"(?<secret>[^"\\\r\n]{3,})/gi,
  ),
  rule('password', ['<pass', '<pwd', '<secret'], /<(?:password|passwd|pwd|secret)>(?<secret>[^<\r\n]+)/gi),
  rule(
    'password',
    ['password', 'passphrase'], // in a sentence: a word with a digit in it
    /\b(?:password|passphrase)\s+(?:(?:is|was|to)\s+)?["'`]?(?<secret>(?=[^\s"'`,;]{0,60}\d)(?!\d+(?:[\s.,;:]|$))[^\s"'`,;]{6,})/gi,
  ),
  rule(
    'encoded',
    ['%3a', '%3d'],
    /(?:(?:password|passwd|pwd|token|secret|api_?key)%3d|%3a%2f%2f[^\s%]{0,60}%3a)(?<secret>[^\s"'&]{1,256}?)(?=%40|%26|[\s"'&]|$)/gi,
  ),
  rule(
    'redis-auth',
    ['auth '],
    /\bAUTH\s+(?:[\w-]{1,40}\s+)?(?<secret>(?=[^\s"']{0,60}\d)[^\s"']{6,})(?=\s*$)/g,
  ),
  rule('api-key', ['apikey '], /\bapikey\s+["']?(?<secret>(?=[^\s"']{0,60}\d)[^\s"']{8,})/gi),
  rule(
    'flag',
    ['--'],
    /(?<=^|\s)--?(?:password|passwd|pass|token|secret|api-?key|auth-token|access-token|client-secret|secret-key|requirepass|masterauth)(?:[ =]|\s+)["']?(?<secret>[^\s"'-][^\s"']*)/gi,
  ),
  rule(
    'flag',
    ['-p'],
    /\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^|;]{0,200}?\s-p(?<secret>[^\s"'-][^\s"']*)/g,
  ),
  rule(
    'flag',
    ['redis-cli', 'sshpass', 'curl', 'wget', 'ldap'],
    /\b(?:redis-cli\b[^|;]{0,200}?\s(?:-a|--pass)|sshpass\s+-p|curl\b[^|;]{0,200}?\s(?:-u|--user)|ldapsearch\b[^|;]{0,200}?\s-w)\s*["']?(?<secret>[^\s"']+)/g,
  ),
  rule(
    'redis-auth',
    ['auth', 'requirepass'],
    /(?:"auth"(?:\s+"[^"]{1,64}")?\s+|\b(?:requirepass|masterauth)\s+)"?(?<secret>[^\s"]+)/gi,
  ),
  rule(
    'sql-password',
    ['password', 'identified'],
    /\b(?:password|identified\s+(?:with\s+\S{1,40}\s+)?by)\s+'(?<secret>[^'\r\n]+)'/gi,
  ),
  rule(
    'row-value',
    ['key (', 'failing row'],
    /(?:\bKey \([^)]{1,200}\)=\(|\bFailing row contains \()(?<secret>[^)\r\n]*)/g,
  ),
  rule(
    'azure-key',
    ['accountkey', 'sharedaccess', 'sig='],
    /\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=(?<secret>[^\s;"']{8,})/gi,
  ),
  rule(
    'http-header',
    ['x-', 'api-key', 'token'],
    /\b(?:x-(?!cache|surrogate|idempotency)[a-z0-9-]{0,40}(?:token|key|secret|signature|password|auth)|dd-api-key|dd-application-key|private-token|job-token|api-key|x-vault-token)["']?\s*[:=]\s*["']?(?<secret>[^\s"',;]{4,})/gi,
  ),
  rule('npm-token', ['_auth'], /_auth(?:Token)?\s*=\s*["']?(?<secret>[^\s"']+)/g),
  rule('docker-auth', ['"auth"'], /"auth"\s*:\s*"(?<secret>[A-Za-z0-9+/=]{8,})"/g),
  rule('netrc', ['machine '], /\bmachine\s+\S{1,200}\s+login\s+\S{1,200}\s+password\s+(?<secret>\S+)/g),
];

/** Secrets that their own shape gives away. */
const SHAPE: readonly RedactRule[] = [
  rule('jwt', ['eyj'], /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,3}/g),
  rule('base64-json', ['eyj'], /\beyJ[A-Za-z0-9+/_-]{36,}={0,2}/g),
  rule(
    'aws-key',
    ['akia', 'asia', 'abia', 'acca', 'aroa', 'aida'],
    /\b(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA)[A-Z0-9]{16}\b/g,
  ),
  rule('gcp-key', ['aiza', 'ya29', 'gocspx'], /\b(?:AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,})/g),
  rule(
    'github-token',
    ['gh', 'github_pat_'],
    /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255})\b/g,
  ),
  rule(
    'gitlab-token',
    ['gl'],
    /\b(?:glpat|gldt|glrt|glcbt|glptt|glft|glimt|glagent|gloas|glsoat|glffct)-[\w-]{20,}/g,
  ),
  rule(
    'slack-token',
    ['xox', 'xapp', 'xwfp'],
    /\b(?:xox[abeoprs](?:\.xox[bp])?-[\w-]{10,}|xapp-\d-[\w-]{10,}|xwfp-[\w-]{10,})/gi,
  ),
  rule(
    'slack-webhook',
    ['hooks.slack.com'],
    /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[\w/+-]{20,})/g,
  ),
  rule(
    'stripe-key',
    ['_live_', '_test_', 'whsec_'],
    /\b(?:[srp]k_(?:live|test|prod)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,})/g,
  ),
  rule('npm-token', ['npm_'], /\bnpm_[A-Za-z0-9]{36}\b/g),
  rule('sendgrid-key', ['sg.'], /\bSG\.[\w-]{16,32}\.[\w-]{16,64}/g),
  rule('twilio-key', ['sk'], /\bSK[0-9a-f]{32}\b/g),
  rule(
    'vault-token',
    ['hv', 's.'],
    /\b(?:hv[sbr]\.[\w-]{20,}|s\.(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{24}\b)/g,
  ),
  rule(
    'grafana-token',
    ['glc_', 'glsa_'],
    /\b(?:glc_[A-Za-z0-9+/]{32,}={0,2}|glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8})/g,
  ),
  rule('digitalocean-token', ['do'], /\bdo[opr]_v1_[0-9a-f]{64}\b/g),
  rule(
    'openai-key',
    ['sk-'],
    /\bsk-(?:proj-|svcacct-|admin-|ant-(?:api|admin)\d\d-)?(?=[\w-]{0,60}\d)[\w-]{20,}/g,
  ),
  rule('huggingface-token', ['hf_'], /\bhf_[A-Za-z0-9]{30,}/g),
  rule('pypi-token', ['pypi-'], /\bpypi-[\w-]{50,}/g),
  rule('docker-token', ['dckr_'], /\bdckr_(?:pat|oat)_[\w-]{20,}/g),
  rule('telegram-token', [':aa'], /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g),
  rule(
    'discord-webhook',
    ['discord'],
    /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{10,25}\/(?<secret>[\w-]{20,})/g,
  ),
  rule(
    'teams-webhook',
    ['webhook.office.com'],
    /\bwebhook\.office\.com\/(?<secret>webhookb2\/[\w@/-]{20,})/g,
  ),
  rule('shopify-token', ['shp'], /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\b/g),
  rule('mailgun-key', ['key-'], /\bkey-[0-9a-f]{32}\b/g),
  rule('newrelic-key', ['nra'], /\bNRA[KLM]-[A-Z0-9]{20,}/g),
  rule('databricks-token', ['dapi'], /\bdapi[0-9a-f]{32}(?:-\d)?\b/g),
  rule('terraform-token', ['.atlasv1.'], /\b[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{40,}/g),
  rule('linear-key', ['lin_'], /\blin_(?:api|oauth)_[A-Za-z0-9]{32,}/g),
  rule('sentry-token', ['sntry'], /\bsntry[su]_[\w=+/-]{40,}/g),
  rule('age-key', ['age-secret-key'], /\bAGE-SECRET-KEY-1[0-9A-Z]{50,}/gi),
  rule('doppler-token', ['dp.'], /\bdp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{30,}/g),
  rule('heroku-key', ['hrku-'], /\bHRKU-[\w-]{30,}/g),
  rule('atlassian-token', ['atatt3'], /\bATATT3[\w=-]{50,}/g),
  rule('postman-key', ['pmak-'], /\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}/g),
  rule(
    'password-hash',
    ['$', 'scram-'],
    /(?:\$(?:2[abxy]|5|6|y|gy|argon2id?|apr1|pbkdf2-sha\d{3})\$[^\s:"']{20,}|SCRAM-SHA-256\$[^\s"']{20,})/g,
  ),
];

/** Context first: it takes the value whole, where a shape might take only a part. */
export const REDACT_RULES: readonly RedactRule[] = [...CONTEXT, ...SHAPE];
