"""The job queue's own schema, used by the application role.

Revises: 0003
"""

from procrastinate.schema import SchemaManager

from migrations.helpers import application_role, driver

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    driver().execute(SchemaManager.get_schema())
    role = application_role()
    driver().execute(
        f"""DO $$ DECLARE t text; BEGIN
        FOR t IN SELECT quote_ident(relname) FROM pg_class
            WHERE relkind = 'r' AND relname LIKE 'procrastinate%' AND relnamespace = 'public'::regnamespace
        LOOP EXECUTE 'GRANT SELECT, INSERT, UPDATE, DELETE ON ' || t || ' TO {role}'; END LOOP;
        FOR t IN SELECT quote_ident(relname) FROM pg_class
            WHERE relkind = 'S' AND relname LIKE 'procrastinate%' AND relnamespace = 'public'::regnamespace
        LOOP EXECUTE 'GRANT USAGE, SELECT ON SEQUENCE ' || t || ' TO {role}'; END LOOP;
        END $$"""  # noqa: S608 - the role is quoted, and comes from the owner's own settings
    )


def downgrade() -> None:
    driver().execute(
        """DO $$ DECLARE t text; BEGIN
        FOR t IN SELECT quote_ident(relname) FROM pg_class
            WHERE relkind = 'r' AND relname LIKE 'procrastinate%' AND relnamespace = 'public'::regnamespace
        LOOP EXECUTE 'DROP TABLE ' || t || ' CASCADE'; END LOOP;
        FOR t IN SELECT oid::regprocedure::text FROM pg_proc
            WHERE proname LIKE 'procrastinate%' AND pronamespace = 'public'::regnamespace
        LOOP EXECUTE 'DROP FUNCTION ' || t || ' CASCADE'; END LOOP;
        FOR t IN SELECT quote_ident(typname) FROM pg_type
            WHERE typname LIKE 'procrastinate%' AND typtype IN ('e', 'c') AND typnamespace = 'public'::regnamespace
        LOOP EXECUTE 'DROP TYPE ' || t || ' CASCADE'; END LOOP;
        END $$"""
    )
