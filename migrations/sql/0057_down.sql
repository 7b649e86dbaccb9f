DROP INDEX ix_case_evaluation_last;
