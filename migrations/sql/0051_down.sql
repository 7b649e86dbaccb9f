DROP FUNCTION webhook_figures();
DROP TRIGGER tell_webhooks ON state_event;
DROP FUNCTION tell_webhooks(), webhook_kind(text, text);
DROP TABLE webhook_message;
DROP TABLE webhook;
