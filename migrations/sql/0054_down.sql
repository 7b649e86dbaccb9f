DROP POLICY let_go ON webhook_message;
DROP POLICY let_go ON webhook;
DROP POLICY a_trial ON webhook_message;
DROP POLICY in_own_name ON webhook;
DROP POLICY administered ON webhook_message;
DROP POLICY administered ON webhook;
DROP FUNCTION webhook_desk();
