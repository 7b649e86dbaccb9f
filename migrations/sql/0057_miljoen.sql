-- The last talk of a case, without reading the talks before it.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_case_evaluation_last ON case_evaluation (help_request_id, number)
    INCLUDE (municipality_id, held_on, next_on);
