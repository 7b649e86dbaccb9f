UPDATE safety_report SET subject = 'none', subject_id = NULL WHERE subject IN ('story', 'idea', 'reaction');
ALTER TABLE safety_report DROP CONSTRAINT ck_safety_report_subject;
ALTER TABLE safety_report ADD CONSTRAINT ck_safety_report_subject CHECK (subject IN ('agreement', 'occurrence', 'proposal', 'request', 'offer', 'person', 'representation', 'ring', 'roosjes', 'none'));
DROP FUNCTION forget_told();
DROP TABLE idea_reaction;
DROP TABLE idea;
DROP TABLE story;
DROP TABLE look;
ALTER TABLE municipality DROP COLUMN look, DROP COLUMN logo;
