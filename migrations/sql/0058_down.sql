DROP FUNCTION members_near(integer, integer);
DROP INDEX ix_help_offer_open, ix_case_evaluation_last;
