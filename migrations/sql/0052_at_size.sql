-- Who was thanked this week, without reading every time of help that there ever was.
CREATE INDEX ix_occurrence_thanked ON occurrence (municipality_id, thanked_at) WHERE thanked_at IS NOT NULL;
