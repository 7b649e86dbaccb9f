REVOKE SELECT ON alembic_version FROM {application};
DROP FUNCTION running_figures();
DROP FUNCTION secrets_named();
DROP FUNCTION here_again(uuid);
DROP FUNCTION keep_out(uuid);
