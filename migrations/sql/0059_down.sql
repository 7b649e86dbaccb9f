DROP INDEX ix_help_offer_newest, ix_help_request_newest;
