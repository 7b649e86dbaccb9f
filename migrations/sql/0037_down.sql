DROP FUNCTION forget_choices();
DROP TABLE kept_choices;
