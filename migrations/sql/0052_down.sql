DROP INDEX ix_occurrence_thanked;
