"""Signing in through a municipality's own provider: OpenID Connect with PKCE, beside the link by mail."""
