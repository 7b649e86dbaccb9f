-- The newest that everybody may read, in the order in which the public lists show them.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_help_request_newest ON help_request (posted_at DESC, id) WHERE is_public IS TRUE;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_help_offer_newest ON help_offer (posted_at DESC, id) WHERE is_public IS TRUE;
