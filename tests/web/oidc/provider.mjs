// A real OpenID Connect provider for the tests: `node provider.mjs '{"clients": [...]}'`, one line with its address.
// POST /control tells it whom it vouches for and what it does wrong; all else is the package's own work.
import { createServer } from 'node:http';
import { generateKeyPairSync, createHmac } from 'node:crypto';
import { Provider } from 'oidc-provider';
import { SignJWT, decodeJwt } from 'jose';

const { clients } = JSON.parse(process.argv[2]);
const state = { account: { sub: 'nobody' }, refuse: '', hang: '', status: 0, tamper: {}, acr: '', amr: [], userinfo: {} };
let serial = 0, signing, handle, own;

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  signing = { ...privateKey.export({ format: 'jwk' }), kid: `key-${++serial}`, use: 'sig', alg: 'RS256' };
  signing.object = privateKey;
}

// What a provider should never sign, and what others would sign for it.
async function tampered(token) {
  const claims = { ...decodeJwt(token), ...state.tamper.claims };
  for (const name of state.tamper.without ?? []) delete claims[name];
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  if (state.tamper.alg === 'none') return `${part({ alg: 'none', kid: signing.kid })}.${part(claims)}.`;
  if (state.tamper.alg === 'HS256') {
    const body = `${part({ alg: 'HS256', kid: signing.kid })}.${part(claims)}`;
    const { n, e, kty } = signing;
    return `${body}.${createHmac('sha256', JSON.stringify({ n, e, kty })).update(body).digest('base64url')}`;
  }
  if (state.tamper.alg?.startsWith('own-')) {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'own', use: 'sig', alg: 'RS256' };
    own = { keys: [jwk] };
    const named = state.tamper.alg === 'own-jwk' ? { jwk } : { jku: `${issuer}/own-keys` };
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'own', ...named }).sign(pair.privateKey);
  }
  const key = state.tamper.alg === 'other-key' ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey : signing.object;
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: signing.kid }).sign(key);
}

function build(issuer) {
  const { object, ...jwk } = signing;
  const provider = new Provider(issuer, {
    clients, jwks: { keys: [jwk] }, cookies: { keys: ['test'] }, clientAuthMethods: undefined,
    acrValues: ['low', 'substantial', 'high'],
    scopes: ['openid', 'profile', 'email', 'roles'],
    claims: { openid: ['sub', 'acr', 'amr'], email: ['email', 'email_verified'], profile: ['given_name', 'name'], roles: ['groups'] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    pkce: { required: () => true },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ ...state.account, sub }) }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid profile email roles');
      await grant.save();
      return grant;
    },
    renderError: async (ctx, out) => { ctx.body = out; },
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'token' && ctx.body?.id_token && Object.keys(state.tamper).length) ctx.body.id_token = await tampered(ctx.body.id_token);
    if (ctx.oidc?.route === 'userinfo' && Object.keys(state.userinfo).length) ctx.body = { ...ctx.body, ...state.userinfo };
  });
  const answer = provider.callback();
  return async (req, res) => {
    if (!req.url.startsWith('/interaction/')) return answer(req, res);
    const result = state.refuse ? { error: state.refuse } : { login: { accountId: state.account.sub, acr: state.acr || undefined, amr: state.amr, remember: false } };
    await provider.interactionFinished(req, res, result);
  };
}

const server = createServer((req, res) => {
  if (req.url === '/control') {
    let body = '';
    req.on('data', (chunk) => { body += chunk; });
    req.on('end', () => {
      const told = JSON.parse(body);
      Object.assign(state, { refuse: '', hang: '', status: 0, tamper: {}, acr: '', amr: [], userinfo: {} }, told);
      if (told.rotate) { newKey(); handle = build(issuer); }
      res.end('{}');
    });
    return;
  }
  if (own && req.url === '/own-keys') { res.setHeader('content-type', 'application/json'); res.end(JSON.stringify(own)); return; }
  if (state.hang && req.url.includes(state.hang)) return;
  if (state.status) { res.statusCode = state.status; res.end('not json'); return; }
  handle(req, res);
});
let issuer;
newKey();
server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  handle = build(issuer);
  console.log(issuer);
});
process.stdin.on('end', () => process.exit()).resume(); // gone with whoever started it
