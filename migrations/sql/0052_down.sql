DROP TABLE import_run;
DROP TABLE settings_template;
DROP TABLE settings_version;
DROP TABLE panel_point;
DROP TABLE factlab;
DROP TABLE region_release;
DROP TABLE report_release;
ALTER TABLE municipality DROP COLUMN paid_only, DROP COLUMN hour_source, DROP COLUMN hour_cents;
ALTER TABLE region DROP COLUMN reports_since;
